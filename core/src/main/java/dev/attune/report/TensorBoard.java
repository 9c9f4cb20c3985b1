package dev.attune.report;

import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.PassingListener;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is logged and measured into an event file for TensorBoard, with the tags of Hugging Face's callback ({@code
 * train/loss}, {@code eval/accuracy}), then passes it on. The file begins with the first step of this process; in a run that
 * goes on from a checkpoint it takes the place of what older files have from that step on.
 */
public final class TensorBoard extends PassingListener implements AutoCloseable {
    private final Path folder;
    private @Nullable EventFile file;
    private boolean isBroken;
    private long step;

    /** @param folder of the run, in which the file will be */
    public TensorBoard(Path folder, TrainingListener next) {
        super(next);
        this.folder = folder;
    }

    @Override
    public void onStepEnd(LogEvent event) {
        write(event.step(), Map.of()); // a file begins at the first step of its run, whatever is logged later
        super.onStepEnd(event);
    }

    @Override
    public void onLog(LogEvent event) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", event.loss());
        values.put("train/grad_norm", event.gradNorm());
        values.put("train/learning_rate", event.learningRate());
        values.put("train/epoch", event.epoch());
        values.put("train/tokens_per_second", event.tokensPerSecond());
        values.put("train/real_token_share", event.realTokenShare());
        values.put("train/resident_bytes", (double) event.residentBytes());
        write(event.step(), values);
        super.onLog(event);
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        Map<String, Double> values = tags(event.metrics());
        values.put("train/epoch", event.epoch());
        write(event.step(), values);
        super.onEvaluate(event);
    }

    @Override
    public void onTrainEnd(TrainSummary summary) {
        Map<String, Double> values = tags(summary.allResults());
        // Evaluations were written when they were made, and the size of a set is no curve.
        values.keySet().removeIf(tag -> tag.startsWith("eval/") || tag.endsWith("samples"));
        if (file != null) write(step, values);
        super.onTrainEnd(summary);
    }

    private static Map<String, Double> tags(Map<String, Double> metrics) {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, value) -> values.put(tag(name), value));
        return values;
    }

    /** As the reference does: the prefix of a set becomes a group, and all else belongs to the training. */
    private static String tag(String name) {
        for (String set : new String[] {"eval", "test"}) {
            if (name.startsWith(set + "_")) return set + "/" + name.substring(set.length() + 1);
        }
        return "train/" + name;
    }

    /** A training must not be lost for a curve: if the file cannot be written, the reader is told and it goes on without. */
    private void write(long step, Map<String, Double> values) {
        if (isBroken) return;
        this.step = step;
        try {
            if (file == null) {
                file = new EventFile(name());
                file.start(step);
            }
            if (!values.isEmpty()) file.scalars(step, values);
        } catch (IOException e) {
            isBroken = true;
            super.onMessage("The event file for TensorBoard in " + folder + " cannot be written (" + e
                    + "). Training goes on without it; metrics.jsonl has the same numbers.");
        }
    }

    /** TensorBoard reads the files of a folder in the order of their names, so they begin with the time. */
    private Path name() {
        String start = RunFolder.EVENTS + System.currentTimeMillis() / 1000 + ".attune."
                + ProcessHandle.current().pid() + ".";
        int number = 0;
        while (Files.exists(folder.resolve(start + number))) number++;
        return folder.resolve(start + number);
    }

    @Override
    public void close() {
        try {
            if (file != null) file.close();
        } catch (IOException e) {
            super.onMessage("The event file for TensorBoard in " + folder + " cannot be closed (" + e + ").");
        }
    }
}
