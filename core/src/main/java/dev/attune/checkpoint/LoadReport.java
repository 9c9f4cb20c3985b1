package dev.attune.checkpoint;

import java.util.Arrays;
import java.util.List;

/**
 * What became of each name when weights were loaded into a model.
 *
 * @param loaded parameters filled from the file
 * @param newlyInitialised parameters of the model that the file does not have, such as a new task's head
 * @param ignored tensors of the file that the model does not have, such as the pretraining head
 * @param wrongShape tensors that both have, in different shapes; the model keeps its own
 */
public record LoadReport(
        List<String> loaded, List<String> newlyInitialised, List<String> ignored, List<Mismatch> wrongShape) {

    /** Most names of one kind that {@link #toString()} shows; a wrong model has hundreds. */
    private static final int SHOWN = 12;

    public LoadReport {
        loaded = List.copyOf(loaded);
        newlyInitialised = List.copyOf(newlyInitialised);
        ignored = List.copyOf(ignored);
        wrongShape = List.copyOf(wrongShape);
    }

    /** A tensor whose shape in the file is not that of the model. */
    public record Mismatch(String name, long[] fileShape, long[] modelShape) {
        public Mismatch {
            fileShape = fileShape.clone();
            modelShape = modelShape.clone();
        }

        @Override
        public long[] fileShape() {
            return fileShape.clone();
        }

        @Override
        public long[] modelShape() {
            return modelShape.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Mismatch that
                    && name.equals(that.name)
                    && Arrays.equals(fileShape, that.fileShape)
                    && Arrays.equals(modelShape, that.modelShape);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * name.hashCode() + Arrays.hashCode(fileShape)) + Arrays.hashCode(modelShape);
        }

        @Override
        public String toString() {
            return name + ": " + Arrays.toString(fileShape) + " in the file, " + Arrays.toString(modelShape)
                    + " in the model";
        }
    }

    /** Whether every parameter of the model came from the file. */
    public boolean complete() {
        return newlyInitialised.isEmpty() && wrongShape.isEmpty();
    }

    /** One line of counts, then the names that were not simply loaded. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(loaded.size()).append(" tensors loaded, ");
        text.append(newlyInitialised.size()).append(" newly initialised, ");
        text.append(ignored.size()).append(" ignored, ");
        text.append(wrongShape.size()).append(" of a wrong shape");
        list(text, "Newly initialised (not in the file; train before use):", newlyInitialised);
        list(text, "Ignored (in the file, not in the model):", ignored);
        list(text, "Wrong shape (the model's own values are kept):", wrongShape);
        return text.toString();
    }

    private static void list(StringBuilder text, String title, List<?> names) {
        if (names.isEmpty()) return;
        text.append('\n').append(title);
        for (Object name : names.subList(0, Math.min(SHOWN, names.size())))
            text.append("\n  ").append(name);
        if (names.size() > SHOWN)
            text.append("\n  and ").append(names.size() - SHOWN).append(" more");
    }
}
