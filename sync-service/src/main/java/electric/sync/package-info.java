@org.jspecify.annotations.NullMarked
package electric.sync;
