package dev.attune.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The end of a run.
 *
 * @param outputDir the folder that holds the run and the final model
 * @param allResults {@code train_runtime}, {@code train_loss}, {@code eval_accuracy}, … in the order to show them
 * @param report a readable report of the last evaluation (for instance precision and recall of each class), or empty
 * @param usage a command that uses the model
 */
public record TrainSummary(Path outputDir, Map<String, Double> allResults, String report, String usage) {
    public TrainSummary {
        allResults = Collections.unmodifiableMap(new LinkedHashMap<>(allResults));
    }
}
