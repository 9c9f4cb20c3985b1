package dev.attune.job.search;

import dev.attune.error.CheckpointException;
import dev.attune.train.Checkpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the folder of a trial tells of it: the folder is the truth, also of what happened before a kill. */
record TrialRun(Path folder, String metric) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Step of the newest checkpoint that is whole, to go on from; 0 if there is none. Reads the checkpoint. Without one a run
     * that came to its end would not be replaced; the search did not hear of it.
     */
    int step() {
        if (!Files.exists(folder.resolve("run.json"))) return 0;
        Path newest = new Checkpoints(folder).newest().folder();
        if (newest == null) return 0;
        String name = newest.getFileName().toString();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    /**
     * The metric at each evaluation, in their order; that before the first step is none.
     *
     * @param most up to this step
     */
    List<Double> evaluations(int most) {
        Path file = folder.resolve("metrics.jsonl");
        List<Double> values = new ArrayList<>();
        if (!Files.exists(file)) return values;
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                JsonNode event = JSON.readTree(line);
                int step = event.path("step").asInt(0);
                boolean counts = event.path("event").asString("").equals("evaluate") && event.has(metric);
                if (counts && step > 0 && step <= most) {
                    JsonNode value = event.path(metric);
                    values.add(value.isNumber() ? value.doubleValue() : Double.NaN);
                }
            }
            return values;
        } catch (JacksonException torn) {
            return values; // the end of a line that a kill left half written
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read (" + e.getMessage() + ").", e);
        }
    }
}
