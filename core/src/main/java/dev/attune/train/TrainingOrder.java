package dev.attune.train;

import dev.attune.data.BatchLoader;
import dev.attune.data.Examples;
import dev.attune.data.Oversampling;
import dev.attune.data.Sampler;
import dev.attune.error.ConfigException;
import dev.attune.task.ExampleClasses;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which training examples an epoch has, and in which order: {@code train_sampling_strategy} and {@code oversample}. */
public final class TrainingOrder {
    private final TrainingArguments args;
    private final Examples train;
    private final List<String> names;
    private final @Nullable Oversampling raised;
    private @Nullable Sampler sampler;
    private @Nullable Ahead ahead;

    /** The order of an epoch, made by another thread. */
    private record Ahead(int epoch, CompletableFuture<int[]> order) {}

    private TrainingOrder(TrainingArguments args, Examples train, List<String> names, @Nullable Oversampling raised) {
        this.args = args;
        this.train = train;
        this.names = names;
        this.raised = raised;
    }

    /**
     * @param classes tells of which class an example is; asked only if small classes are raised
     * @throws ConfigException if they are to be raised and the examples have none
     */
    public static TrainingOrder of(TrainingArguments args, Examples train, ExampleClasses classes) {
        Oversample asked = args.oversample();
        if (asked == null || train.size() == 0) return new TrainingOrder(args, train, List.of(), null);
        List<String> names = classes.classNames();
        if (names.isEmpty()) {
            throw new ConfigException(
                    "oversample draws rows by their class, but these rows are not of one class each." + " Delete it.");
        }
        int[] ids = new int[train.size()];
        for (int i = 0; i < ids.length; i++) ids[i] = classes.classOf(train.get(i, 0));
        return new TrainingOrder(args, train, names, new Oversampling(ids, names.size(), asked.to()));
    }

    /** Examples of an epoch. */
    public int size() {
        return raised == null || args.oversampleBy() == OversampleBy.SAMPLING ? train.size() : raised.duplicated();
    }

    /** What an epoch has of each class, for people; empty if nothing is raised. */
    public List<String> notes() {
        if (raised == null) return List.of();
        boolean drawn = args.oversampleBy() == OversampleBy.SAMPLING;
        double sum =
                IntStream.range(0, names.size()).mapToDouble(raised::target).sum();
        int shown = Math.min(8, names.size());
        String classes = IntStream.range(0, shown)
                .mapToObj(c -> String.format(
                        Locale.ROOT,
                        "%s %,d in place of %,d",
                        names.get(c),
                        drawn ? Math.round(raised.target(c) / sum * train.size()) : raised.target(c),
                        raised.count(c)))
                .collect(Collectors.joining(", "));
        return List.of(String.format(
                Locale.ROOT,
                drawn
                        ? "Oversampling (%s): an epoch draws %,d examples at random, on the average %s%s."
                        : "Oversampling (%s): an epoch has %,d examples, %s%s; each example comes at least once.",
                args.oversample(),
                size(),
                classes,
                shown < names.size() ? " and so on" : ""));
    }

    Examples examples() {
        return train;
    }

    /** Begins to make the order of an epoch on another thread: millions of examples take as long as a model that loads meanwhile. */
    public void begin(int epoch) {
        ahead = new Ahead(epoch, CompletableFuture.supplyAsync(() -> sampler().order(epoch)));
    }

    private int[] order(int epoch) {
        Ahead begun = ahead;
        ahead = null; // an order is used once, and may be large
        if (begun != null && begun.epoch == epoch) {
            try {
                return begun.order.join();
            } catch (CompletionException e) {
                // Made here, it fails where the caller sees why.
            }
        }
        return sampler().order(epoch);
    }

    private synchronized Sampler sampler() {
        if (sampler == null) sampler = newSampler();
        return sampler;
    }

    /** {@code data_seed} is for the random order only, as in the reference. */
    private Sampler newSampler() {
        if (raised == null) return ordered(train.size(), train::lengths);
        long seed = randomSeed();
        Sampler examples =
                args.oversampleBy() == OversampleBy.SAMPLING ? raised.sampling(seed) : raised.duplication(seed);
        // What is drawn at random is in a random order already.
        if (args.oversampleBy() == OversampleBy.SAMPLING && args.trainSamplingStrategy() == SamplingStrategy.RANDOM) {
            return examples;
        }
        return epoch -> {
            int[] places = examples.order(epoch);
            int[] order = ordered(
                            places.length,
                            () -> Arrays.stream(places).map(train::length).toArray())
                    .order(epoch);
            return Arrays.stream(order).map(place -> places[place]).toArray();
        };
    }

    private Sampler ordered(int size, Supplier<int[]> lengths) {
        long group = (long) args.perDeviceTrainBatchSize() * args.gradientAccumulationSteps();
        return switch (args.trainSamplingStrategy()) {
            case SEQUENTIAL -> Sampler.sequential(size);
            case GROUP_BY_LENGTH -> Sampler.groupByLength(lengths.get(), (int) Math.min(size, group), args.seed());
            case RANDOM -> Sampler.random(size, randomSeed());
        };
    }

    private long randomSeed() {
        return args.dataSeed() == null ? args.seed() : args.dataSeed();
    }

    /**
     * The batches of an epoch that were not used yet.
     *
     * @param used examples of the epoch that were
     */
    BatchLoader loader(int epoch, int used) {
        int[] order = order(epoch);
        int size = args.perDeviceTrainBatchSize();
        boolean dropLast = args.dataloaderDropLast();
        if (raised != null) return BatchLoader.ofRepeated(train, order, used, size, dropLast, epoch, args.seed());
        return BatchLoader.ofRest(train, order, used, size, dropLast, epoch, args.seed());
    }
}
