package dev.attune.job;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.error.CheckpointException;
import dev.attune.io.JsonNumber;
import dev.attune.report.LossCurve;
import dev.attune.report.RateCurve;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.PassingListener;
import dev.attune.train.RunFolder;
import dev.attune.train.RunInfo;
import dev.attune.train.SaveEvent;
import dev.attune.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what happens into metrics.jsonl and the loss curve, then passes it on. */
final class RecordingListener extends PassingListener implements Stateful {
    private static final long DRAW_NANOS = 5_000_000_000L;

    private final RunFolder folder;
    private final Provenance provenance;
    private final LossCurve curve = new LossCurve("Loss");
    private @Nullable LossCurve perplexity; // of tasks that report one
    private final RateCurve rates = new RateCurve();
    private @Nullable RunInfo info;
    private long drawn = System.nanoTime();
    private @Nullable String complaint; // why the last event could not be written

    RecordingListener(TrainingListener next, RunFolder folder, Provenance provenance) {
        super(next);
        this.folder = folder;
        this.provenance = provenance;
    }

    @Override
    public void onTrainBegin(RunInfo info) {
        this.info = info;
        super.onTrainBegin(info);
    }

    @Override
    public void onMessage(String text) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "note");
        line.put("text", text);
        record(line);
        provenance.note(text);
        super.onMessage(text);
    }

    @Override
    public void onStepEnd(LogEvent event) {
        curve.train(event.step(), event.stepLoss());
        rates.add(event.step(), event.learningRate());
        super.onStepEnd(event);
    }

    @Override
    public void onLog(LogEvent event) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("event", "log");
        line.put("step", event.step());
        line.put("epoch", event.epoch());
        line.put("loss", JsonNumber.of(event.loss()));
        line.put("learning_rate", event.learningRate());
        line.put("grad_norm", JsonNumber.of(event.gradNorm()));
        line.put("tokens_per_second", event.tokensPerSecond());
        line.put("real_token_share", event.realTokenShare());
        line.put("resident_bytes", event.residentBytes());
        record(line);
        // A picture a step would cost more than a small step does.
        if (System.nanoTime() - drawn > DRAW_NANOS) tryToDraw();
        super.onLog(event);
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "evaluate");
        line.put("step", event.step());
        line.put("epoch", event.epoch());
        line.putAll(ResultNumbers.of(event.metrics()));
        record(line);
        Double loss = event.metric("loss");
        if (loss != null) curve.evaluation(event.set(), event.step(), loss);
        Double words = event.metric("perplexity");
        if (words != null) {
            if (perplexity == null) perplexity = perplexity();
            perplexity.evaluation(event.set(), event.step(), words);
        }
        tryToDraw();
        super.onEvaluate(event);
    }

    @Override
    public void onSave(SaveEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "save");
        line.put("step", event.step());
        line.put("epoch", event.epoch());
        line.put("checkpoint", event.folder().getFileName().toString());
        record(line);
        super.onSave(event);
    }

    /** Tells once that the disk does not take events, and again when it did in between. */
    private void record(Map<String, ?> event) {
        boolean wasComplete = complaint == null;
        complaint = folder.event(event);
        if (complaint == null || !wasComplete) return;
        provenance.note(complaint);
        super.onMessage(complaint);
    }

    @Override
    public void save(StateDict state) {
        state.put("metrics_bytes", folder.eventBytes());
        curve.save(state.part("loss"));
        rates.save(state.part("rates"));
        if (perplexity != null) perplexity.save(state.part("perplexity"));
    }

    /** What happened after the checkpoint has not happened: it is cut off the record. */
    @Override
    public void load(StateDict state) {
        folder.cutEvents(state.integer("metrics_bytes"));
        curve.load(state.part("loss"));
        rates.load(state.part("rates"));
        StateDict words = state.part("perplexity");
        if (words.hasValue("train")) {
            perplexity = perplexity();
            perplexity.load(words);
        }
    }

    private static LossCurve perplexity() {
        return new LossCurve("Perplexity", "perplexity");
    }

    /** A picture that a full disk does not take is drawn again later. */
    private void tryToDraw() {
        try {
            draw();
        } catch (CheckpointException e) {
            drawn = System.nanoTime();
        }
    }

    /** What the run was about to do; null before it began. */
    @Nullable
    RunInfo info() {
        return info;
    }

    /** All curves as they are, with a line for each that says what it shows. */
    Map<String, String> curves() {
        Map<String, String> curves = new LinkedHashMap<>();
        curves.put(curve.svg(), "Loss of each step and of each evaluation");
        if (perplexity != null) curves.put(perplexity.svg(), "Perplexity of each evaluation");
        curves.put(rates.svg(), "Learning rate of each step");
        return curves;
    }

    /** Draws the loss curve as it is, and that of the perplexity where a task reports one. */
    void draw() {
        folder.text("loss.svg", curve.svg());
        folder.text("learning-rate.svg", rates.svg());
        if (perplexity != null) folder.text("perplexity.svg", perplexity.svg());
        drawn = System.nanoTime();
    }
}
