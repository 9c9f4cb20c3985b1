package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.error.CheckpointException;
import dev.attune.io.JsonNumber;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a run logged and measured, one row each, with the keys of the reference's {@code log_history}. */
final class LogHistory implements Stateful {
    private ArrayNode rows = JsonMapper.shared().createArrayNode();

    void log(LogEvent event) {
        ObjectNode row = rows.addObject().put("epoch", event.epoch());
        row.put("grad_norm", JsonNumber.of(event.gradNorm()));
        row.put("learning_rate", event.learningRate());
        row.put("loss", JsonNumber.of(event.loss()));
        row.put("step", event.step());
    }

    void evaluation(EvaluationEvent event) {
        ObjectNode row = rows.addObject().put("epoch", event.epoch());
        event.metrics().forEach((name, value) -> row.put(name, JsonNumber.of(value)));
        row.put("step", event.step());
    }

    JsonNode rows() {
        return rows;
    }

    @Override
    public void save(StateDict state) {
        state.put("rows", rows);
    }

    @Override
    public void load(StateDict state) {
        if (!(state.value("rows") instanceof ArrayNode saved)) {
            throw new CheckpointException(state.name("rows") + " is no list.");
        }
        rows = saved;
    }
}
