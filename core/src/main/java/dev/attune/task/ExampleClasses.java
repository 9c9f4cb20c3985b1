package dev.attune.task;

import dev.attune.data.Example;
import java.util.List;

/** Of which class an example is, for whoever draws some classes more often than others. */
public interface ExampleClasses {
    /** The names of the classes; empty where an example is not of one class. */
    default List<String> classNames() {
        return List.of();
    }

    /** The place of an example's class in {@link #classNames}. */
    default int classOf(Example example) {
        throw new IllegalStateException("the examples have no classes");
    }
}
