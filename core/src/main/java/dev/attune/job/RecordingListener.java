package dev.attune.job;

import dev.attune.report.LossCurve;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what happens into metrics.jsonl and the loss curve, then passes it on. */
final class RecordingListener implements TrainingListener {
    private final TrainingListener next;
    private final RunFolder folder;
    private final LossCurve curve = new LossCurve("Loss");

    RecordingListener(TrainingListener next, RunFolder folder) {
        this.next = next;
        this.folder = folder;
    }

    @Override
    public void onLog(LogEvent event) {
        if (event.periodic()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", "log");
            line.put("step", event.step());
            line.put("epoch", event.epoch());
            line.put("loss", event.loss());
            line.put("learning_rate", event.learningRate());
            line.put("grad_norm", event.gradNorm());
            line.put("tokens_per_second", event.tokensPerSecond());
            line.put("real_token_share", event.realTokenShare());
            line.put("resident_bytes", event.residentBytes());
            folder.event(line);
            curve.train(event.step(), event.loss());
        }
        next.onLog(event);
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "evaluate");
        line.put("step", event.step());
        line.put("epoch", event.epoch());
        line.putAll(event.metrics());
        folder.event(line);
        Double loss = event.metrics().get("eval_loss");
        if (loss != null) curve.evaluation(event.step(), loss);
        folder.text("loss.svg", curve.svg());
        next.onEvaluate(event);
    }
}
