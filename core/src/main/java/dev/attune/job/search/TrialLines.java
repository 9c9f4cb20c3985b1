package dev.attune.job.search;

import dev.attune.error.CheckpointException;
import dev.attune.io.JsonNumber;
import dev.attune.job.search.Trial.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trials as lines of JSON: {@code trials.jsonl}. */
final class TrialLines {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TrialLines() {}

    static String write(List<Trial> trials) {
        return trials.stream()
                .map(trial -> JSON.writeValueAsString(map(trial)) + "\n")
                .collect(Collectors.joining());
    }

    /** A trial as JSON knows it: what is no finite number is null. */
    static Map<String, @Nullable Object> map(Trial trial) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("trial", trial.number());
        line.put("state", trial.state().toString());
        line.put("parameters", trial.parameters());
        line.put("metric", trial.metric() == null ? null : JsonNumber.of(trial.metric()));
        line.put("evaluations", trial.evaluations().stream().map(JsonNumber::of).toList());
        line.put("steps", trial.steps());
        line.put("seconds", Math.round(trial.seconds() * 1000) / 1000.0);
        line.put("note", trial.note());
        return line;
    }

    /**
     * The trials of a file.
     *
     * @param name what errors call it
     * @throws CheckpointException if it is not such a file
     */
    static List<Trial> read(String name, String lines) {
        List<Trial> trials = new ArrayList<>();
        int number = 0;
        for (String line : lines.lines().toList()) {
            number++;
            try {
                trials.add(trial(JSON.readTree(line)));
            } catch (JacksonException | IllegalArgumentException e) {
                throw new CheckpointException(
                        name + ":" + number + ": this is no line of a search (" + e.getMessage()
                                + "). Remove the folder of the search to begin anew.",
                        e);
            }
        }
        return trials;
    }

    private static Trial trial(JsonNode line) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : line.required("parameters").properties()) {
            JsonNode value = each.getValue();
            parameters.put(
                    each.getKey(),
                    value.isIntegralNumber()
                            ? (Object) value.longValue()
                            : value.isNumber() ? (Object) value.doubleValue() : value.stringValue());
        }
        List<Double> evaluations = new ArrayList<>();
        for (JsonNode value : line.path("evaluations"))
            evaluations.add(value.isNull() ? Double.NaN : value.doubleValue());
        JsonNode metric = line.path("metric");
        return new Trial(
                line.required("trial").intValue(),
                parameters,
                State.valueOf(line.required("state").stringValue().toUpperCase(Locale.ROOT)),
                metric.isNumber() ? (Double) metric.doubleValue() : null,
                evaluations,
                line.path("steps").asInt(0),
                line.path("seconds").asDouble(0),
                line.path("note").isString() ? line.path("note").stringValue() : null);
    }
}
