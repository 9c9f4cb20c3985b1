package dev.attune.benchmarks;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Examples;
import dev.attune.job.RecipeReader;
import dev.attune.job.TrainedOptions;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Part;
import dev.attune.task.Pipeline;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.Tasks;
import dev.attune.task.textclassification.TextClassification;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import dev.attune.train.Evaluator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code hf_infer.py} does, by Attune: a step is a pass over all rows, or one text alone. Loading is over before the
 * first step; tokenizing counts in a prediction and is done before an evaluation.
 */
final class Inference {
    /** One step: how long it took, on how much, and what came out. */
    record Pass(double seconds, int samples, long tokens, Object answers) {}

    private final Supplier<Pass> pass;

    private Inference(Supplier<Pass> pass) {
        this.pass = pass;
    }

    Pass run() {
        return pass.get();
    }

    static Inference of(Map<String, String> options) {
        DType precision = options.containsKey("--bf16") ? DType.BFLOAT16 : DType.FLOAT32;
        Native.load(precision);
        Dataset rows = Datasets.read(options.get("--data"));
        int maxLength = Integer.parseInt(options.get("--max-length"));
        String model = options.get("--model");
        return switch (options.get("--work")) {
            case "predict" -> predict(pipeline(options), options, rows, rows.size());
            case "single" -> predict(pipeline(options), options, rows, 1);
            case "evaluate" -> evaluate(model, rows, precision, maxLength);
            default -> throw new IllegalArgumentException("no such work: " + options.get("--work"));
        };
    }

    private static String task(Map<String, String> options) {
        return options.getOrDefault("--task", Tasks.DEFAULT);
    }

    private static Pipeline<?, ?> pipeline(Map<String, String> options) {
        RecipeReader flags = new RecipeReader()
                .flag("--max-length", options.get("--max-length"))
                .flag("--bf16", Boolean.toString(options.containsKey("--bf16")));
        String task = task(options);
        if (task.equals("token-classification")) flags.flag("--aggregation-strategy", "simple");
        TrainedOptions asked = TrainedOptions.of(options.get("--model"), task, flags);
        return asked.task().pipeline(asked.model(), asked.prediction());
    }

    private static <I, O> Inference predict(
            Pipeline<I, O> pipeline, Map<String, String> options, Dataset rows, int atOnce) {
        String task = task(options);
        int[] tokens = tokens(options, rows);
        int[] at = {0};
        return new Inference(() -> {
            int from = at[0];
            at[0] = (from + atOnce) % rows.size();
            long start = System.nanoTime();
            List<I> asked = IntStream.range(from, from + atOnce)
                    .mapToObj(row -> pipeline.input(rows, row))
                    .toList();
            List<O> answers = pipeline.answer(asked);
            double seconds = (System.nanoTime() - start) / 1e9;
            long counted = IntStream.range(from, from + atOnce)
                    .mapToLong(i -> tokens[i])
                    .sum();
            List<Object> gists = answers.stream()
                    .map(answer -> gist(task, pipeline.json(answer)))
                    .toList();
            return new Pass(seconds, atOnce, counted, gists);
        });
    }

    /** Tokens of each row, as the other side counts them. */
    private static int[] tokens(Map<String, String> options, Dataset rows) {
        boolean question = task(options).equals("question-answering");
        int limit = question ? Integer.MAX_VALUE : Integer.parseInt(options.get("--max-length"));
        try (Tokenizer tokenizer = Tokenizer.load(Path.of(options.get("--model")))) {
            return IntStream.range(0, rows.size())
                    .map(row -> tokenizer
                            .encodeIds(
                                    (String) rows.value(row, question ? "question" : "text"),
                                    question ? (String) rows.value(row, "context") : null,
                                    limit)
                            .length())
                    .toArray();
        }
    }

    /** The part of an answer on which both sides have to agree. */
    private static Object gist(String task, Object json) {
        Map<?, ?> first =
                json instanceof List<?> list ? list.isEmpty() ? Map.of() : (Map<?, ?>) list.get(0) : (Map<?, ?>) json;
        return switch (task) {
            case "text-classification" -> first.get("label");
            case "fill-mask" -> first.get("token");
            case "question-answering" -> first.get("answer");
            default ->
                ((List<?>) json)
                        .stream()
                                .map(entity -> (Map<?, ?>) entity)
                                .map(e -> e.get("entity_group") + ":" + e.get("start") + ":" + e.get("end"))
                                .collect(Collectors.joining(" "));
        };
    }

    private static Inference evaluate(String model, Dataset rows, DType precision, int maxLength) {
        TextClassificationSettings settings = TextClassificationSettings.builder()
                .textColumn("text")
                .labelColumn("category")
                .build();
        ModelConfig config = ModelConfig.read(Path.of(model));
        int[][] classes = new int[1][];
        // The other side's compute_metrics gets all logits too.
        TaskOptions options = new TaskOptions(0, null, predictions -> {
            classes[0] = IntStream.range(0, predictions.rows())
                    .map(row -> best(predictions.logits(), row * predictions.classes(), predictions.classes()))
                    .toArray();
            return Map.of();
        });
        TaskData data = new TextClassification()
                .prepare(settings, new TaskInput(rows, config, options, TaskInput.SEED, DataCache.off()));
        LoadedModel loaded = Models.load(Path.of(model), data.head(), UnaryOperator.identity());
        try (Tokenizer tokenizer = Tokenizer.load(Path.of(model))) {
            Examples examples = data.encode(Part.TEST, rows, tokenizer, maxLength, DataCache.off())
                    .examples();
            Task task = data.bind(loaded.model(), tokenizer);
            EvaluationSet set = new EvaluationSet(examples, rows);
            long tokens = IntStream.of(examples.lengths()).asLongStream().sum();
            return new Inference(() -> {
                long start = System.nanoTime();
                Map<String, Double> results =
                        Evaluator.evaluate(task, set, 8, precision, "").results();
                double seconds = (System.nanoTime() - start) / 1e9;
                return new Pass(
                        seconds,
                        rows.size(),
                        tokens,
                        Map.of(
                                "loss", results.get("loss"),
                                "accuracy", results.get("accuracy"),
                                "classes", classes[0]));
            });
        }
    }

    /** The place of the largest of {@code count} values, counted from {@code from}. */
    private static int best(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
