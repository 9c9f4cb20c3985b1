package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.io.AtomicFiles;
import dev.attune.report.Published;
import dev.attune.report.RunPage;
import dev.attune.task.Artifact;
import dev.attune.task.TaskData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of an evaluation that is no part of a training. */
record EvaluationPage(TrainedOptions options, TaskData task, Dataset rows, List<String> notes) {
    /** Writes an HTML file where a user asked for it. */
    void write(Path file, Map<String, Double> results, List<Artifact> artifacts) {
        Path folder = options.model().files().directory();
        String model = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model);
        facts.put("task", options.task().key());
        facts.put("columns", task.columns());
        facts.put("evaluated", Instant.now().toString());
        facts.putAll(Provenance.versions());
        String page = new RunPage(model, task.describe().kind() + ", evaluated on " + Published.text(rows.name()) + ".")
                .results(results)
                .data(List.of(RunReport.describe("evaluated", rows)))
                .facts(facts)
                .artifacts(artifacts)
                .notes(notes)
                .render();
        AtomicFiles.writeOutput(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
    }
}
