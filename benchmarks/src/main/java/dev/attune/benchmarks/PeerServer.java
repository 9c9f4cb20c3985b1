package dev.attune.benchmarks;

import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.job.RecipeReader;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.EpochEvent;
import dev.attune.train.FrozenPrefixMode;
import dev.attune.train.LogEvent;
import dev.attune.train.SamplingStrategy;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Attune's side of {@code benchmarks/compare}: the real Trainer, held after each step until the driver says {@code go K}.
 * One JSON line answers each chunk of K steps; {@code peer/protocol.py} describes it.
 */
public final class PeerServer {
    private final Map<String, String> options = new HashMap<>();
    private Dataset rows;
    private final BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private PeerServer(String[] words) {
        for (int i = 1; i < words.length; i++) {
            boolean flag = i + 1 == words.length || words[i + 1].startsWith("--");
            options.put(words[i], flag ? "true" : words[++i]);
        }
    }

    public static void main(String[] words) {
        new PeerServer(words).run();
    }

    private void run() {
        if (options.containsKey("--new-tokens")) answerPasses(new Writing(options)::run);
        else if (options.containsKey("--work")) answerPasses(Inference.of(options)::run);
        else if (options.containsKey("--optim")) step();
        else train();
    }

    /** Steps of an optimizer alone. */
    private void step() {
        OptimizerSteps steps = new OptimizerSteps(options);
        while (true) {
            List<Double> seconds =
                    Stream.generate(steps::seconds).limit(nextChunk()).toList();
            answer(seconds, Collections.nCopies(seconds.size(), 1), Collections.nCopies(seconds.size(), 1L));
        }
    }

    /** Passes over all rows, or one text after the other, as {@code --work} says; or texts that are written. */
    private void answerPasses(Supplier<Inference.Pass> pass) {
        while (true) {
            List<Inference.Pass> passes =
                    Stream.generate(pass).limit(nextChunk()).toList();
            String answers = options.remove("--answers");
            if (answers != null) {
                write(
                        Path.of(answers),
                        passes.stream().map(Inference.Pass::answers).toList());
            }
            answer(
                    passes.stream().map(Inference.Pass::seconds).toList(),
                    passes.stream().map(Inference.Pass::samples).toList(),
                    passes.stream().map(Inference.Pass::tokens).toList());
        }
    }

    private static void write(Path file, Object answers) {
        try {
            Files.writeString(file, JsonMapper.builder().build().writeValueAsString(answers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(List<Double> seconds, List<Integer> samples, List<Long> tokens) {
        System.out.printf(
                Locale.ROOT,
                "{\"seconds\": %s, \"samples\": %s, \"tokens\": %s, \"rss\": %d}%n",
                seconds,
                samples,
                tokens,
                peakResidentBytes());
        System.out.flush();
    }

    private void train() {
        Native.load(options.containsKey("--bf16") ? DType.BFLOAT16 : DType.FLOAT32);
        Path directory = Path.of(options.get("--model"));
        int batchSize = Integer.parseInt(options.get("--batch-size"));
        long seed = Long.parseLong(options.getOrDefault("--seed", "42"));
        Examples examples;
        Task task;
        if (options.containsKey("--train")) {
            TaskData data = data();
            try (Tokenizer tokenizer = Tokenizer.load(directory)) {
                int maxLength = Integer.parseInt(options.getOrDefault("--max-length", "128"));
                examples = data.encode(Part.TRAIN, rows, tokenizer, maxLength, DataCache.off())
                        .examples();
                Rng.seed(seed);
                task = data.bind(model(Models.load(directory, data.head(), data::configure)), tokenizer);
            }
        } else {
            List<String> labels =
                    IntStream.range(0, 77).mapToObj(i -> "LABEL_" + i).toList();
            examples = synthetic(batchSize * 200, Integer.parseInt(options.get("--length")));
            Rng.seed(seed);
            task = new TextClassificationTask(
                    model(Models.sequenceClassifier(directory, labels)),
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    labels);
        }
        SamplingStrategy sampling = options.getOrDefault("--sampling", "random").equals("random")
                ? SamplingStrategy.RANDOM
                : SamplingStrategy.GROUP_BY_LENGTH;
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(batchSize)
                .learningRate(Double.parseDouble(options.getOrDefault("--lr", "5e-5")))
                .numTrainEpochs(100)
                .bf16(options.containsKey("--bf16"))
                .seed(seed)
                .trainSamplingStrategy(sampling)
                .freeze(frozen())
                .frozenPrefix(
                        options.containsKey("--frozen-prefix") ? FrozenPrefixMode.CACHE : FrozenPrefixMode.COMPUTE)
                .build();
        new Trainer(args, task, examples, EvaluationSet.NONE, new Chunks(examples.size())).run();
    }

    private List<String> frozen() {
        String layers = options.get("--freeze-layers");
        return layers == null ? List.of() : List.of("embeddings", "encoder.layer[:" + layers + "]");
    }

    private PretrainedModel model(LoadedModel loaded) {
        if (options.containsKey("--lora")) Lora.attach(loaded, LoraConfig.DEFAULTS, null);
        return loaded.model();
    }

    private TaskData data() {
        rows = Datasets.read(options.get("--train"));
        String task = options.getOrDefault("--task", Tasks.DEFAULT);
        RecipeReader recipe = new RecipeReader()
                .flag("--task", task)
                .flag("--model", options.get("--model"))
                .flag("--train", options.get("--train"));
        settings(task).forEach(recipe::flag);
        return prepare(Tasks.named(task), recipe.forTraining().settings());
    }

    /** What the scripts of the reference's examples do by themselves. */
    private Map<String, String> settings(String task) {
        return switch (task) {
            case "text-classification" -> Map.of("--text-column", "text", "--label-column", "category");
            case "question-answering" -> Map.of("--doc-stride", options.get("--doc-stride"));
            case "fill-mask" -> Map.of("--line-by-line", "false");
            case "text-generation" -> Map.of("--group-texts", String.valueOf(options.containsKey("--group")));
            case "text2text-generation" -> Map.of("--max-target-length", options.get("--max-target-length"));
            default -> Map.of();
        };
    }

    private <S extends Record> TaskData prepare(TaskType<S> type, Record settings) {
        return type.prepare(
                type.settings().cast(settings),
                new TaskInput(rows, null, TaskOptions.DEFAULT, TaskInput.SEED, DataCache.off()));
    }

    private static Examples synthetic(int count, int length) {
        Random random = new Random(42);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(length, 1000, 30000).toArray();
            examples.add(new Example(ids, new int[length], new int[] {random.nextInt(77)}, new float[0]));
        }
        return Examples.of(examples);
    }

    /** Times each step and waits for the driver between chunks. */
    private final class Chunks implements TrainingListener {
        private final List<Double> seconds = new ArrayList<>();
        private final List<Integer> samples = new ArrayList<>();
        private final List<Long> tokens = new ArrayList<>();
        private int left = nextChunk();
        private long last = System.nanoTime();
        /** Of each sample, for what is computed once before the first step; 0 where nothing is. */
        private double secondsBefore;

        private final int examples;

        Chunks(int examples) {
            this.examples = examples;
        }

        @Override
        public void onEpochBegin(EpochEvent event) {
            if (event.step() > 0 || !options.containsKey("--frozen-prefix")) return;
            double epochs = Double.parseDouble(options.get("--epochs"));
            secondsBefore = (System.nanoTime() - last) / 1e9 / (epochs * examples);
            last = System.nanoTime();
        }

        @Override
        public void onStepEnd(LogEvent event) {
            seconds.add((System.nanoTime() - last) / 1e9 + secondsBefore * event.stepSamples());
            samples.add(event.stepSamples());
            tokens.add(event.stepTokens());
            if (--left == 0) {
                answer(seconds, samples, tokens);
                seconds.clear();
                samples.clear();
                tokens.clear();
                left = nextChunk();
            }
            last = System.nanoTime();
        }
    }

    /** Waits for {@code go K}; the end of input ends the process. */
    private int nextChunk() {
        try {
            String line = requests.readLine();
            if (line == null) System.exit(0);
            return Integer.parseInt(line.trim().substring("go ".length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel's own high-water mark, as the other side reports it; Linux only. */
    private static long peakResidentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
            return 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
