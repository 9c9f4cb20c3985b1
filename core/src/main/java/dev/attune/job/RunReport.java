package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.model.PretrainedModel;
import dev.attune.report.ModelCard;
import dev.attune.report.ReportJson;
import dev.attune.report.ReportPictures;
import dev.attune.report.ReportText;
import dev.attune.task.Artifact;
import dev.attune.text.Tokenizer;
import dev.attune.train.Evaluated;
import dev.attune.train.EvaluationSets;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run leaves behind: the model in Hugging Face layout, its card, results, tables, pictures and the page of all. */
final class RunReport {
    private final Recipe recipe;
    private final JobData data;
    private final JobModel base;
    private final RunFolder folder;
    private final Provenance provenance;
    private final RecordingListener recorder;

    RunReport(
            Recipe recipe,
            JobData data,
            JobModel base,
            RunFolder folder,
            Provenance provenance,
            RecordingListener recorder) {
        this.recipe = recipe;
        this.data = data;
        this.base = base;
        this.folder = folder;
        this.provenance = provenance;
        this.recorder = recorder;
    }

    /** @param test null if there are no test data */
    TrainSummary write(Trainer.Result result, @Nullable Evaluated test, PretrainedModel model, Tokenizer tokenizer) {
        Path directory = folder.directory();
        model.save(directory);
        tokenizer.save(directory);

        Map<String, Double> results = results(result, test);
        folder.json("all_results.json", ResultNumbers.of(results));
        List<Artifact> artifacts = new ArrayList<>(result.artifacts());
        if (test != null) test.artifacts().forEach(artifact -> artifacts.add(artifact.of("test", "Test")));
        String report = ReportText.of(artifacts);
        Map<String, String> pictures = ReportPictures.of(artifacts);
        if (!artifacts.isEmpty()) {
            if (!report.isEmpty()) folder.text("report.txt", report);
            folder.json("report.json", ReportJson.of(artifacts));
            pictures.forEach(folder::text);
        }
        for (Artifact artifact : artifacts) {
            if (artifact instanceof Artifact.Document document)
                folder.json(document.name() + ".json", document.content());
        }
        folder.text(
                "report.html",
                new TrainingPage(recipe, provenance, recorder)
                        .render(name(), data.task().describe(), base, sets(), results, artifacts));
        folder.text("README.md", card(results, artifacts, pictures, model));
        folder.json("run.json", provenance.complete(ResultNumbers.of(results), folder.written()));
        return new TrainSummary(directory, results, report, usage(directory));
    }

    private String usage(Path directory) {
        String path = directory.toString();
        String command = data.task().describe().command();
        return command.replace("path/to/model", path.contains(" ") ? "\"" + path + "\"" : path);
    }

    /** The keys of all_results.json of the reference's example scripts. */
    private Map<String, Double> results(Trainer.Result result, @Nullable Evaluated test) {
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("epoch", result.epoch());
        results.putAll(result.evaluation());
        if (data.validation() != null)
            results.put("eval_samples", (double) data.validation().size());
        data.namedValidation()
                .forEach((name, rows) -> results.put(EvaluationSets.prefix(name) + "samples", (double) rows.size()));
        if (test != null) {
            results.putAll(test.results());
            results.put("test_samples", (double) data.test().size());
        }
        results.put("train_loss", result.trainLoss());
        results.put("train_runtime", result.seconds());
        results.put("train_samples", (double) data.train().size());
        results.put("train_samples_per_second", result.samples() / result.seconds());
        results.put("train_steps_per_second", result.steps() / result.seconds());
        return results;
    }

    private String card(
            Map<String, Double> results,
            List<Artifact> artifacts,
            Map<String, String> pictures,
            PretrainedModel model) {
        Map<String, Double> shown = new LinkedHashMap<>();
        results.forEach((name, value) -> {
            if (name.matches("(eval|test)_.*") && ResultNumbers.isQuality(name)) shown.put(name, value);
        });
        Map<String, String> arguments = new LinkedHashMap<>();
        recipe.training().toMap().forEach((key, value) -> arguments.put(key, String.valueOf(value)));
        arguments.remove("output_dir");
        ModelCard card = new ModelCard(name(), data.task().describe())
                .baseModel(base.baseModel(), base.origin())
                .results(shown)
                .hyperparameters(arguments)
                .parameters(Objects.requireNonNull(recorder.info()).parts())
                .data(sets())
                .versions(Provenance.versions());
        if (model.adapters() != null) {
            String architecture = model.config().architectures().get(0); // BertForSequenceClassification
            card.adapter("AutoModel" + architecture.substring(Math.max(0, architecture.indexOf("For"))));
        }
        // A card is published: it quotes no text of the data.
        card.report(ReportText.of(artifacts.stream()
                .filter(artifact -> !(artifact instanceof Artifact.Table table) || !table.quotes())
                .toList()));
        for (Artifact artifact : artifacts) {
            String file = artifact.name() + ".svg";
            if (pictures.containsKey(file)) card.picture(file, artifact.title());
        }
        card.picture("loss.svg", "Loss during training");
        if (results.containsKey("eval_perplexity")) card.picture("perplexity.svg", "Perplexity during training");
        return card.render();
    }

    private String name() {
        return String.valueOf(folder.directory().toAbsolutePath().normalize().getFileName());
    }

    private List<ModelCard.Data> sets() {
        List<ModelCard.Data> sets = new ArrayList<>();
        sets.add(describe("train", data.train()));
        data.others().forEach((name, rows) -> sets.add(describe(name, rows)));
        return sets;
    }

    static ModelCard.Data describe(String split, Dataset data) {
        return new ModelCard.Data(split, data.name(), data.size(), data.columns(), data.sha256());
    }
}
