package electric.sync.ingest;

import electric.sync.change.Relation;
import electric.sync.shape.Shape;
import java.util.List;

/** Hears everything of a stream, and notes whose end it was. */
record NotedEndings(List<Shape> shapes) implements Ingest.Listener {
    @Override
    public void streaming(boolean runs) {}

    @Override
    public void described(Relation relation) {}

    @Override
    public void partitionAppeared(List<Integer> parents) {}

    @Override
    public void identityLost(Relation relation) {}

    @Override
    public void retired(Shape shape, Ending ending) {
        shapes.add(shape);
    }

    @Override
    public void purged() {}
}
