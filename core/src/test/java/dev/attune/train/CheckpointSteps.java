package dev.attune.train;

import java.nio.file.Path;
import java.util.List;

/** Which checkpoints lie in the folder of a run, by their names. */
final class CheckpointSteps {
    private CheckpointSteps() {}

    /** First to last. */
    static List<Integer> of(Path run) {
        return new Checkpoints(run)
                .folders().stream()
                        .map(folder -> folder.getFileName().toString().substring("checkpoint-".length()))
                        .map(Integer::valueOf)
                        .sorted()
                        .toList();
    }
}
