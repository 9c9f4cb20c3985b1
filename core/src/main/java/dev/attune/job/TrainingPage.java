package dev.attune.job;

import dev.attune.report.ModelCard;
import dev.attune.report.Published;
import dev.attune.report.RunPage;
import dev.attune.task.Artifact;
import dev.attune.task.Description;
import dev.attune.train.RunInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** {@code report.html} of a training. */
final class TrainingPage {
    /** Arguments that are told elsewhere on the page, or of the machine. */
    private static final Set<String> ELSEWHERE =
            Set.of("output_dir", "overwrite", "task", "model", "train", "validation", "validation_sets", "test");

    private final Recipe recipe;
    private final Provenance provenance;
    private final RecordingListener recorder;

    TrainingPage(Recipe recipe, Provenance provenance, RecordingListener recorder) {
        this.recipe = recipe;
        this.provenance = provenance;
        this.recorder = recorder;
    }

    String render(
            String name,
            Description description,
            JobModel base,
            List<ModelCard.Data> sets,
            Map<String, Double> results,
            List<Artifact> artifacts) {
        String from = base.baseModel() == null ? base.origin() : "fine-tuned from " + Published.text(base.baseModel());
        RunPage page = new RunPage(
                        name, description.kind() + (from.isEmpty() ? "" : ", " + from) + ". " + description.abilities())
                .results(results)
                .data(sets)
                .facts(facts())
                .arguments(arguments())
                .artifacts(artifacts)
                .notes(provenance.notes());
        recorder.curves().forEach(page::curve);
        return page.render();
    }

    private Map<String, String> facts() {
        RunInfo info = Objects.requireNonNull(recorder.info(), "onTrainBegin comes first");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", info.model());
        facts.put("parameters", String.format(Locale.ROOT, "%,d", info.parameters()));
        if (info.trainableParameters() < info.parameters()) {
            facts.put("trained parameters", String.format(Locale.ROOT, "%,d", info.trainableParameters()));
            info.parts().parts().stream()
                    .filter(part -> part.trained() > 0)
                    .forEach(part ->
                            facts.put("trained in " + part.name(), String.format(Locale.ROOT, "%,d", part.trained())));
        }
        facts.put("task", info.task());
        facts.put("columns", info.columns());
        facts.put(
                "run",
                String.format(Locale.ROOT, "%,d steps, %s epochs", info.totalSteps(), number(info.totalEpochs())));
        facts.put("device", info.device() + ", " + info.precision() + ", threads: " + info.threads());
        facts.put("started", String.valueOf(provenance.toMap().get("started")));
        facts.putAll(Provenance.versions());
        return facts;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }

    private Map<String, String> arguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        recipe.changed().forEach((key, value) -> {
            if (!ELSEWHERE.contains(key)) arguments.put(key, String.valueOf(value));
        });
        return arguments;
    }
}
