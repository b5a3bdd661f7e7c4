package electric.sync.where;

import electric.sync.value.Float4;
import electric.sync.value.Float8;
import electric.sync.value.Int;
import electric.sync.value.Numeric;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** Numbers and booleans: arithmetic, rounding and the casts between them. */
final class NumberRoutines {
    private final Implementations all;

    private NumberRoutines(Implementations all) {
        this.all = all;
    }

    static void addTo(Implementations all) {
        NumberRoutines numbers = new NumberRoutines(all);
        for (Int left : Int.values()) {
            for (Int right : Int.values()) {
                numbers.integersOfTwoSizes(left, right);
            }
            numbers.integers(left);
        }
        numbers.floats();
        numbers.functionsOfFloats();
        numbers.numerics();
        numbers.castsOfIntegers();
        numbers.otherCasts();
    }

    private static String name(Int type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static int bytes(Int type) {
        return switch (type) {
            case INT2 -> 2;
            case INT4 -> 4;
            case INT8 -> 8;
        };
    }

    /** {@code int4pl}, {@code int48pl}: calculated in the larger of the two. */
    private void integersOfTwoSizes(Int left, Int right) {
        Int wide = left.compareTo(right) > 0 ? left : right;
        String sizes = left == right ? "" + bytes(left) : "" + bytes(left) + bytes(right);
        String types = "(" + name(left) + "," + name(right) + ")";
        all.<Long, Long, Object>two("int" + sizes + "pl" + types, wide::add);
        all.<Long, Long, Object>two("int" + sizes + "mi" + types, wide::subtract);
        all.<Long, Long, Object>two("int" + sizes + "mul" + types, wide::multiply);
        all.<Long, Long, Object>two("int" + sizes + "div" + types, wide::divide);
    }

    private void integers(Int type) {
        String one = "(" + name(type) + ")";
        String two = "(" + name(type) + "," + name(type) + ")";
        all.<Long, Long, Object>two(name(type) + "mod" + two, type::remainder);
        all.<Long, Long, Object>two("mod" + two, type::remainder);
        all.<Long, Long, Object>two(name(type) + "and" + two, (a, b) -> a & b);
        all.<Long, Long, Object>two(name(type) + "or" + two, (a, b) -> a | b);
        all.<Long, Long, Object>two(name(type) + "xor" + two, (a, b) -> a ^ b);
        all.<Long, Object>one(name(type) + "not" + one, a -> ~a);
        all.<Long, Long, Object>two(name(type) + "shl(" + name(type) + ",int4)", type::shiftLeft);
        all.<Long, Long, Object>two(name(type) + "shr(" + name(type) + ",int4)", type::shiftRight);
        all.<Long, Object>one(name(type) + "um" + one, type::negate);
        all.<Long, Object>one(name(type) + "up" + one, a -> a);
        all.<Long, Object>one(name(type) + "abs" + one, type::abs);
        all.<Long, Object>one("abs" + one, type::abs);
        if (type != Int.INT2) {
            all.<Long, Long, Object>two("gcd" + two, type::greatestCommonDivisor);
            all.<Long, Long, Object>two("lcm" + two, type::leastCommonMultiple);
            all.<Long, Object>one("to_hex" + one, a -> type.digits(a, 16));
            all.<Long, Object>one("to_oct" + one, a -> type.digits(a, 8));
            all.<Long, Object>one("to_bin" + one, a -> type.digits(a, 2));
        }
    }

    private void floats() {
        all.<Float, Float, Object>two("float4pl(float4,float4)", Float4::add);
        all.<Float, Float, Object>two("float4mi(float4,float4)", Float4::subtract);
        all.<Float, Float, Object>two("float4mul(float4,float4)", Float4::multiply);
        all.<Float, Float, Object>two("float4div(float4,float4)", Float4::divide);
        all.<Float, Object>one("float4um(float4)", a -> -a);
        all.<Float, Object>one("float4up(float4)", a -> a);
        all.<Float, Object>one("float4abs(float4)", Math::abs);
        all.<Float, Object>one("abs(float4)", Math::abs);
        doubles("pl", Float8::add);
        doubles("mi", Float8::subtract);
        doubles("mul", Float8::multiply);
        doubles("div", Float8::divide);
        all.<Double, Object>one("float8um(float8)", a -> -a);
        all.<Double, Object>one("float8up(float8)", a -> a);
        all.<Double, Object>one("float8abs(float8)", Math::abs);
        all.<Double, Object>one("abs(float8)", Math::abs);
    }

    private void doubles(String operation, BiFunction<Double, Double, Double> calculation) {
        for (String signature :
                List.of("float8%s(float8,float8)", "float48%s(float4,float8)", "float84%s(float8,float4)")) {
            all.two(
                    signature.formatted(operation),
                    (Number a, Number b) -> calculation.apply(a.doubleValue(), b.doubleValue()));
        }
    }

    private void functionsOfFloats() {
        for (String name : List.of("ceil", "ceiling")) {
            all.<Double, Object>one(name + "(float8)", Math::ceil);
        }
        for (String name : List.of("round", "dround")) {
            all.<Double, Object>one(name + "(float8)", Math::rint);
        }
        for (String name : List.of("trunc", "dtrunc")) {
            all.<Double, Object>one(name + "(float8)", Float8::truncate);
        }
        for (String name : List.of("sqrt", "dsqrt")) {
            all.<Double, Object>one(name + "(float8)", Float8::squareRoot);
        }
        for (String name : List.of("power", "pow", "dpow")) {
            all.<Double, Double, Object>two(name + "(float8,float8)", Float8::power);
        }
        all.<Double, Object>one("floor(float8)", Math::floor);
        all.<Double, Object>one("sign(float8)", Float8::sign);
        all.<Double, Object>one("degrees(float8)", Float8::degrees);
        all.<Double, Object>one("radians(float8)", Float8::radians);
        all.body("pi()", arguments -> Math.PI);
    }

    private void numerics() {
        all.two("numeric_add(numeric,numeric)", Numeric::add);
        all.two("numeric_sub(numeric,numeric)", Numeric::subtract);
        all.two("numeric_mul(numeric,numeric)", Numeric::multiply);
        all.two("numeric_div(numeric,numeric)", Numeric::divide);
        all.one("numeric_uminus(numeric)", Numeric::negate);
        all.<Numeric, Object>one("numeric_uplus(numeric)", a -> a);
        for (String name : List.of("numeric_mod", "mod")) {
            all.two(name + "(numeric,numeric)", Numeric::remainder);
        }
        for (String name : List.of("numeric_div_trunc", "div")) {
            all.two(name + "(numeric,numeric)", Numeric::quotient);
        }
        for (String name : List.of("numeric_abs", "abs")) {
            all.one(name + "(numeric)", Numeric::abs);
        }
        for (String name : List.of("numeric_power", "power", "pow")) {
            all.two(name + "(numeric,numeric)", Numeric::power);
        }
        for (String name : List.of("numeric_sqrt", "sqrt")) {
            all.one(name + "(numeric)", Numeric::squareRoot);
        }
        for (String name : List.of("ceil", "ceiling")) {
            all.one(name + "(numeric)", Numeric::ceiling);
        }
        all.one("floor(numeric)", Numeric::floor);
        all.<Numeric, Object>one("round(numeric)", a -> a.roundTo(0));
        all.two("round(numeric,int4)", Numeric::roundTo);
        all.<Numeric, Object>one("trunc(numeric)", a -> a.truncateTo(0));
        all.two("trunc(numeric,int4)", Numeric::truncateTo);
        all.one("sign(numeric)", Numeric::sign);
        all.two("gcd(numeric,numeric)", Numeric::greatestCommonDivisor);
        all.two("lcm(numeric,numeric)", Numeric::leastCommonMultiple);
        all.<Long, Object>one("factorial(int8)", Numeric::factorial);
        all.one("trim_scale(numeric)", Numeric::trimScale);
        // Of what is not finite they are NULL.
        all.<Numeric, Object>one("scale(numeric)", a -> a.isFinite() ? (Object) (long) a.scale() : null);
        all.<Numeric, Object>one("min_scale(numeric)", a -> a.isFinite() ? (Object) (long) a.leastScale() : null);
    }

    private void castsOfIntegers() {
        for (Int from : Int.values()) {
            String type = "(" + name(from) + ")";
            for (Int to : Int.values()) {
                if (from != to) {
                    all.<Long, Object>one(name(to) + type, to::checked);
                }
            }
            all.<Long, Object>one("float4" + type, Long::floatValue);
            all.<Long, Object>one("float8" + type, Long::doubleValue);
            all.<Long, Object>one("numeric" + type, Numeric::of);
            all.<Float, Object>one(name(from) + "(float4)", a -> from.from(a.doubleValue()));
            all.<Double, Object>one(name(from) + "(float8)", a -> from.from(a));
            all.<Numeric, Object>one(name(from) + "(numeric)", a -> from.from(a));
        }
    }

    private void otherCasts() {
        all.<Long, Object>one("bool(int4)", Int::toBool);
        all.<Boolean, Object>one("int4(bool)", a -> a ? 1L : 0L);
        all.<Float, Object>one("float8(float4)", Float::doubleValue);
        all.<Double, Object>one("float4(float8)", a -> Float4.from(a));
        all.<Numeric, Object>one("float4(numeric)", a -> Float4.from(a));
        all.<Numeric, Object>one("float8(numeric)", a -> Float8.from(a));
        all.<Float, Object>one("numeric(float4)", a -> Numeric.from(a.floatValue()));
        all.<Double, Object>one("numeric(float8)", a -> Numeric.from(a.doubleValue()));
        all.sized("numeric(numeric,int4)", any -> true, Implementations.strict(Numeric::withModifier));
    }
}
