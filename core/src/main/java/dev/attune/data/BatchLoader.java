package dev.attune.data;

import dev.attune.error.AttuneException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch, made up to three ahead by a background thread if they are more than one. The last
 * batch is smaller if the examples do not divide evenly, or left out with {@code dropLast}.
 *
 * <pre>{@code
 * try (BatchLoader batches = BatchLoader.of(examples, sampler.order(epoch), 32, false, epoch, seed)) {
 *     for (Batch batch : batches) step(batch);
 * }
 * }</pre>
 *
 * <p>The examples may be made when asked for (masking for language models): {@code get} is called on the background
 * thread. What it throws is thrown to the reader of the batch: errors and exceptions of Attune as they are, others
 * wrapped with the rows of the batch. Iterating again starts anew; closing stops the thread.
 */
public final class BatchLoader implements Iterable<Batch>, AutoCloseable {
    private final Examples examples;
    private final int[] order;
    /** Where each batch begins in the order, and where the last one ends. */
    private final int[] starts;

    /** How often each example of the order came before in the epoch; null if none comes twice. */
    private final int @Nullable [] draws;

    private final int epoch;
    private final long seed;
    private @Nullable Prefetch current;
    private boolean closed;

    private BatchLoader(Examples examples, int[] order, int[] starts, int @Nullable [] draws, int epoch, long seed) {
        this.examples = examples;
        this.order = order;
        this.draws = draws;
        this.starts = starts;
        this.epoch = epoch;
        this.seed = seed;
    }

    /**
     * @param order places in {@code examples}, from a {@link Sampler}
     * @param epoch which of their forms the examples take
     * @param seed of the run: it decides, with the epoch, what is random in a sequence ({@link Batch#keys})
     * @throws DataException if there are no examples
     * @throws ConfigException if they are fewer than one batch with {@code dropLast}
     */
    public static BatchLoader of(
            Examples examples, int[] order, int batchSize, boolean dropLast, int epoch, long seed) {
        return ofRest(examples, order, 0, batchSize, dropLast, epoch, seed);
    }

    /**
     * As {@link #of} for the rest of an epoch.
     *
     * @param order of the whole epoch
     * @param from the place in it to begin at
     */
    public static BatchLoader ofRest(
            Examples examples, int[] order, int from, int batchSize, boolean dropLast, int epoch, long seed) {
        int[] starts = starts(order.length - from, batchSize, dropLast);
        return new BatchLoader(examples, Arrays.copyOfRange(order, from, order.length), starts, null, epoch, seed);
    }

    /** As {@link #ofRest} for an epoch in which examples may come several times: each time with another dropout. */
    public static BatchLoader ofRepeated(
            Examples examples, int[] order, int from, int batchSize, boolean dropLast, int epoch, long seed) {
        int[] starts = starts(order.length - from, batchSize, dropLast);
        int[] draws = new int[order.length];
        int[] seen = new int[examples.size()];
        for (int i = 0; i < order.length; i++) draws[i] = seen[order[i]]++;
        return new BatchLoader(
                examples,
                Arrays.copyOfRange(order, from, order.length),
                starts,
                Arrays.copyOfRange(draws, from, order.length),
                epoch,
                seed);
    }

    private static int[] starts(int size, int batchSize, boolean dropLast) {
        int[] starts = new int[count(size, batchSize, dropLast) + 1];
        for (int i = 0; i < starts.length; i++) starts[i] = (int) Math.min(size, (long) i * batchSize);
        return starts;
    }

    /**
     * How many batches so many examples make.
     *
     * @throws DataException if there are no examples
     * @throws ConfigException if they are fewer than one batch with {@code dropLast}
     */
    public static int count(int examples, int batchSize, boolean dropLast) {
        if (batchSize < 1) throw new ConfigException("The batch size must be at least 1, but is " + batchSize + ".");
        if (examples == 0) throw new DataException("There are no examples to make batches of: the data set is empty.");
        int batches = dropLast ? examples / batchSize : (int) ((examples - 1L + batchSize) / batchSize);
        if (batches > 0) return batches;
        throw new ConfigException("With dataloader_drop_last there is no batch at all: " + examples
                + " examples do not fill a batch of " + batchSize + ". Turn it off or take a smaller batch size.");
    }

    /**
     * All examples once, those of similar length together, in batches of at most {@code tokens} tokens (a longer example
     * is a batch of its own): the fastest order where order does not matter. {@link Batch#rows} tells the places.
     *
     * @throws DataException if there are no examples
     */
    public static BatchLoader byLength(Examples examples, int tokens, int epoch) {
        if (examples.size() == 0)
            throw new DataException("There are no examples to make batches of: the data set is empty.");
        int[] lengths = examples.lengths();
        int[] order = LengthOrder.falling(lengths);
        return new BatchLoader(examples, order, LengthOrder.starts(lengths, order, tokens), null, epoch, 0);
    }

    /** Number of batches. */
    public int batches() {
        return starts.length - 1;
    }

    @Override
    public synchronized Iterator<Batch> iterator() {
        if (closed) throw new IllegalStateException("the batch loader is closed");
        if (current != null) current.stop();
        // A single batch is waited for at once: a thread would only cost the time to start it.
        current = batches() == 1 ? null : new Prefetch(this::batch, batches());
        return new Batches(current);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) current.stop();
    }

    private Batch batch(int number) {
        int[] rows = Arrays.copyOfRange(order, starts[number], starts[number + 1]);
        try {
            Batch batch = Batch.of(examples, rows, epoch, seed);
            return draws == null ? batch : batch.drawn(Arrays.copyOfRange(draws, starts[number], starts[number + 1]));
        } catch (AttuneException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "batch " + number + " (examples " + Arrays.toString(rows) + ") could not be made: "
                            + e.getMessage(),
                    e);
        }
    }

    private final class Batches implements Iterator<Batch> {
        private final @Nullable Prefetch source;
        private int next;

        Batches(@Nullable Prefetch source) {
            this.source = source;
        }

        @Override
        public boolean hasNext() {
            return next < batches();
        }

        @Override
        public Batch next() {
            if (!hasNext()) throw new NoSuchElementException();
            Batch batch = source == null ? batch(next) : source.take();
            next++;
            return batch;
        }
    }
}
