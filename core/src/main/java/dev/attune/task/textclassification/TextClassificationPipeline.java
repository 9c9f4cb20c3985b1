package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.hub.Hub;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.tensor.Activations;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A fine-tuned classifier ready to answer.
 *
 * <pre>{@code
 * try (var classifier = TextClassificationPipeline.load("runs/quickstart")) {
 *     System.out.println(classifier.predict("I lost my card"));
 * }
 * }</pre>
 *
 * <p>Calls from several threads are answered one after the other.
 */
public final class TextClassificationPipeline implements AutoCloseable {
    private static final int BATCH = 32;

    private final Tokenizer tokenizer;
    private final TextClassification task;
    private final int maxLength;

    /**
     * The best label of a text, with the field names of the Hugging Face pipeline.
     *
     * @param score probability for classes, the value itself for a regression
     */
    public record Prediction(String label, double score) {}

    private TextClassificationPipeline(Tokenizer tokenizer, TextClassification task, int maxLength) {
        this.tokenizer = tokenizer;
        this.task = task;
        this.maxLength = maxLength;
    }

    /** Loads a model folder with a classification head, or anything else that {@link Hub#resolve} understands. */
    public static TextClassificationPipeline load(String model) {
        Path directory = Hub.resolve(model).directory();
        LoadedModel loaded = Models.sequenceClassifier(directory);
        Tokenizer tokenizer = null;
        try {
            loaded.requireTrainedHead();
            tokenizer = Tokenizer.load(directory);
            loaded.requireFits(tokenizer);
            ProblemType problem = ProblemType.of(loaded.model().config());
            TextClassification task = new TextClassification(
                    loaded.model(), problem, loaded.model().config().labels());
            return new TextClassificationPipeline(tokenizer, task, loaded.maxLength(tokenizer));
        } catch (RuntimeException e) {
            if (tokenizer != null) tokenizer.close();
            loaded.model().close();
            throw e;
        }
    }

    /** The best label of one text. */
    public Prediction predict(String text) {
        return predict(List.of(text)).get(0);
    }

    /** The best label of each text, in order. */
    public List<Prediction> predict(List<String> texts) {
        List<Prediction> best = new ArrayList<>(texts.size());
        for (List<Prediction> all : predictAll(texts)) {
            best.add(all.stream()
                    .max(Comparator.comparingDouble(Prediction::score))
                    .orElseThrow());
        }
        return best;
    }

    /** The scores of all labels for each text, labels in the order of their ids. */
    public synchronized List<List<Prediction>> predictAll(List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) throw new DataException("Text " + (i + 1) + " is empty.");
        }
        List<Encoding> encodings = tokenizer.encodeAll(texts, null, maxLength);
        // Texts of similar length share a batch; the answers go back to their places.
        Integer[] order = new Integer[texts.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingInt(i -> -encodings.get(i).ids().length));
        List<List<Prediction>> answers = new ArrayList<>(java.util.Collections.nCopies(texts.size(), List.of()));
        for (int start = 0; start < order.length; start += BATCH) {
            int end = Math.min(order.length, start + BATCH);
            List<Example> examples = new ArrayList<>();
            for (int i = start; i < end; i++) {
                Encoding e = encodings.get(order[i]);
                examples.add(new Example(e.ids(), e.typeIds(), new int[0], new float[0]));
            }
            float[] scores = scores(Batch.of(examples));
            int k = task.labels().size();
            for (int i = start; i < end; i++) {
                List<Prediction> row = new ArrayList<>(k);
                for (int j = 0; j < k; j++) row.add(new Prediction(task.labels().get(j), scores[(i - start) * k + j]));
                answers.set(order[i], row);
            }
        }
        return answers;
    }

    private float[] scores(Batch batch) {
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                Tensor logits = task.forward(batch); // (B, K)
                return (switch (task.problem()) {
                            case SINGLE_LABEL_CLASSIFICATION -> Activations.softmax(logits, -1);
                            case MULTI_LABEL_CLASSIFICATION -> Activations.sigmoid(logits);
                            case REGRESSION -> logits;
                        })
                        .toFloats();
            }
        });
    }

    @Override
    public void close() {
        task.model().close();
        tokenizer.close();
    }
}
