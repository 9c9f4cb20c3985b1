package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.hub.ModelFiles;
import dev.attune.report.ClassificationReport;
import dev.attune.report.ModelCard;
import dev.attune.task.TextClassification;
import dev.attune.text.Tokenizer;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run leaves behind: the model in Hugging Face layout, its card, results, tables and pictures. */
final class RunReport {
    private final Recipe recipe;
    private final Prepared data;
    private final ModelFiles base;
    private final RunFolder folder;
    private final Provenance provenance;

    RunReport(Recipe recipe, Prepared data, ModelFiles base, RunFolder folder, Provenance provenance) {
        this.recipe = recipe;
        this.data = data;
        this.base = base;
        this.folder = folder;
        this.provenance = provenance;
    }

    TrainSummary write(Trainer.Result result, TextClassification task, Tokenizer tokenizer, TrainingListener listener) {
        Path directory = folder.directory();
        task.model().save(directory);
        tokenizer.save(directory);

        Map<String, Double> results = results(result);
        folder.json("all_results.json", results);
        String report = "";
        if (result.lastEvaluation() instanceof TextClassification.ClassEvaluation classes) {
            ClassificationReport table = new ClassificationReport(classes.confusion(), task.labels());
            report = table.text() + "\n" + table.confusionText();
            folder.text("report.txt", report);
            folder.text("confusion.svg", table.confusionSvg());
        }
        folder.text("README.md", card(results, task.labels(), report));
        folder.json("run.json", provenance.complete(results));
        TrainSummary summary = new TrainSummary(directory, results, report);
        listener.onTrainEnd(summary);
        return summary;
    }

    /** The keys of all_results.json of the reference's example scripts. */
    private Map<String, Double> results(Trainer.Result result) {
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("epoch", result.epoch());
        results.putAll(result.evaluation());
        if (data.validation() != null)
            results.put("eval_samples", (double) data.validation().size());
        results.put("train_loss", result.trainLoss());
        results.put("train_runtime", result.seconds());
        results.put("train_samples", (double) data.train().size());
        results.put("train_samples_per_second", result.samples() / result.seconds());
        results.put("train_steps_per_second", result.steps() / result.seconds());
        return results;
    }

    private String card(Map<String, Double> results, List<String> labels, String report) {
        Map<String, Double> shown = new LinkedHashMap<>();
        results.forEach((name, value) -> {
            if (name.startsWith("eval_") && !name.matches("eval_(runtime|samples.*|steps_per_second)")) {
                shown.put(name, value);
            }
        });
        Map<String, String> arguments = new LinkedHashMap<>();
        recipe.training().toMap().forEach((key, value) -> arguments.put(key, String.valueOf(value)));
        arguments.remove("output_dir");
        List<ModelCard.Data> sets = new ArrayList<>();
        sets.add(describe("train", data.train()));
        Dataset validation = data.validation();
        if (validation != null) sets.add(describe("validation", validation));
        String name =
                String.valueOf(folder.directory().toAbsolutePath().normalize().getFileName());
        ModelCard card = new ModelCard(name)
                .baseModel(base.id())
                .problemType(data.labels().problem().key())
                .results(shown)
                .hyperparameters(arguments)
                .data(sets)
                .labels(labels)
                .versions(Provenance.versions());
        if (!report.isEmpty()) card.report(report).picture("confusion.svg", "Confusion matrix");
        if (validation != null) card.picture("loss.svg", "Loss during training");
        return card.render();
    }

    private static ModelCard.Data describe(String split, Dataset data) {
        return new ModelCard.Data(split, data.name(), data.size(), data.columns(), data.sha256());
    }
}
