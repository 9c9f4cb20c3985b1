package dev.attune.task.tokenclassification;

import dev.attune.data.Batch;
import dev.attune.metric.Confusion;
import dev.attune.metric.Entities;
import dev.attune.metric.Entities.Entity;
import dev.attune.metric.EntityMetrics;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Artifact;
import dev.attune.task.ClassLoss;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.RowLoss;
import dev.attune.task.RowTexts;
import dev.attune.task.Scores;
import dev.attune.task.WorstRows;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Loss over all labels, and metrics of whole entities. */
final class TokenClassificationEvaluation implements Evaluation {
    /** What stands in the confusion for no entity with these borders. */
    private static final String OUTSIDE = "O";
    /** So few entities may be missed by chance. */
    private static final int MANY = 10;

    private final PretrainedModel model;
    private final TokenClassificationData data;
    private final ClassLoss classLoss;
    private final List<String> labels;
    private final TagScheme scheme;
    private final EntityMetrics metrics = new EntityMetrics();
    private final List<String> types;
    private final Confusion confusion;
    private final WorstRows worst;
    private final TagDoubts doubts;
    private final EvaluationSet set;
    private double loss;
    private double tokens;

    TokenClassificationEvaluation(
            PretrainedModel model, TokenClassificationData data, ClassLoss classLoss, EvaluationSet set) {
        this.model = model;
        this.classLoss = classLoss;
        this.data = data;
        this.set = set;
        this.labels = data.settings().labels();
        TagScheme found = data.settings().tagScheme();
        this.scheme = found == null ? TagScheme.BIO : found;
        TreeSet<String> names = new TreeSet<>();
        for (String tag : scheme.forMetrics(labels))
            for (Entity entity : Entities.of(List.of(tag))) names.add(entity.type());
        this.types = new ArrayList<>(names);
        types.add(OUTSIDE);
        this.confusion = new Confusion(types.size());
        RowTexts texts = new RowTexts(set.rows(), List.of(data.found().input()));
        this.worst = new WorstRows(texts);
        this.doubts = new TagDoubts(labels, texts);
    }

    @Override
    public RowLoss add(Batch batch) {
        Tensor output = TokenClassificationTask.forward(model, batch); // (N, K)
        float[] logits = output.toFloats();
        int classes = labels.size();
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        int token = 0;
        for (int row = 0; row < batch.size(); row++) {
            int source = set.examples().row(batch.rows()[row]);
            List<String> truth = new ArrayList<>();
            List<String> predicted = new ArrayList<>();
            for (int end = token + batch.lengths()[row]; token < end; token++) {
                int label = batch.labels()[token];
                if (label == TokenClassificationData.NONE) continue;
                int best = Scores.best(logits, token * classes, classes);
                doubts.add(source, truth.size(), label, logits, token * classes);
                truth.add(labels.get(label));
                predicted.add(labels.get(best));
                sums[row] += classLoss.row(logits, token * classes, classes, label);
                weights[row] += classLoss.weight(label);
            }
            doubts.end(source);
            count(source, scheme.forMetrics(truth), scheme.forMetrics(predicted));
        }
        double all = Arrays.stream(weights).sum();
        var own = data.options().computeLoss();
        if (own != null && all > 0) { // only its sum over the batch is known
            double each = own.sum(output, batch).item() / all;
            for (int i = 0; i < sums.length; i++) sums[i] = each * weights[i];
        }
        loss += Arrays.stream(sums).sum();
        tokens += all;
        return new RowLoss(sums, weights);
    }

    private void count(int source, List<String> truth, List<String> predicted) {
        metrics.add(truth, predicted);
        List<Entity> real = Entities.of(truth);
        List<Entity> found = Entities.of(predicted);
        int outside = types.size() - 1;
        int wrong = 0;
        for (Entity entity : real) {
            int type = type(at(entity, found));
            if (types.indexOf(entity.type()) != type) wrong++;
            confusion.add(types.indexOf(entity.type()), type);
        }
        for (Entity entity : found) {
            if (at(entity, real) != null) continue;
            confusion.add(outside, types.indexOf(entity.type()));
            wrong++;
        }
        if (wrong == 0) return;
        worst.add(wrong, source, show(real), show(found), (long) wrong);
    }

    private int type(@Nullable Entity entity) {
        return entity == null ? types.size() - 1 : types.indexOf(entity.type());
    }

    private static @Nullable Entity at(Entity place, List<Entity> entities) {
        for (Entity each : entities) if (each.start() == place.start() && each.end() == place.end()) return each;
        return null;
    }

    private static String show(List<Entity> entities) {
        StringBuilder shown = new StringBuilder();
        for (Entity each : entities) {
            if (shown.length() > 0) shown.append(", ");
            shown.append(each.type()).append(' ').append(each.start() + 1);
            if (each.end() > each.start()) shown.append('-').append(each.end() + 1);
        }
        return shown.toString();
    }

    @Override
    public Map<String, Double> results() {
        Map<String, Double> results = new LinkedHashMap<>();
        if (tokens > 0) results.put("loss", loss / tokens);
        results.putAll(metrics.compute());
        if (data.settings().returnEntityLevelMetrics()) {
            metrics.types().forEach((type, counts) -> {
                results.put(type + "_precision", counts.precision());
                results.put(type + "_recall", counts.recall());
                results.put(type + "_f1", counts.f1());
                results.put(type + "_number", (double) counts.support());
            });
        }
        return results;
    }

    @Override
    public List<String> notes() {
        long real = 0;
        long found = 0;
        for (EntityMetrics.Counts counts : metrics.types().values()) {
            real += counts.support();
            found += counts.predicted();
        }
        if (real < MANY || found > 0) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "None of %,d entities was found, nor any other: the model says the same of all words. More steps or another"
                        + " learning_rate may help; the tags may not belong to their words.",
                real));
    }

    @Override
    public List<Artifact> artifacts() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        metrics.types()
                .forEach((type, counts) ->
                        rows.add(List.of(type, counts.precision(), counts.recall(), counts.f1(), counts.support())));
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(new Artifact.Table(
                "entities",
                "Entities of each type",
                List.of("type", "precision", "recall", "f1-score", "support"),
                rows,
                false));
        artifacts.add(new Artifact.Matrix("confusion", "Confusion of entity types", confusion, types));
        worst.table("mistakes", "Sentences with most wrong entities", List.of("entities", "predicted", "wrong"))
                .ifPresent(artifacts::add);
        artifacts.addAll(doubts.artifacts());
        return artifacts;
    }
}
