package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.io.ByteSize;
import dev.attune.tensor.PeakMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a batch into parts where it would not fit into memory. The gradients of the parts add up to that of the batch, and
 * dropout goes by the row, so only the order of a sum changes.
 *
 * <p>What a batch takes is measured once, at the start, on a few rows of the first one; from then on each cut follows from
 * the batch and from what this part of the run remembers, never from the memory of the moment, so that a resumed run cuts
 * alike.
 */
final class MicroBatches implements Stateful {
    /** Attention takes memory by pairs: at this length as much as the rest of the model, roughly, whatever its size. */
    private static final double PAIRS = 512;

    /**
     * More bytes than a token takes for each parameter of the model: 34 numbers of 4 bytes for each of the C outputs of a
     * layer, which has 12 C² parameters, with C at least 256.
     */
    private static final double BYTES_PER_TOKEN_AND_PARAMETER = 0.05;

    /** What is estimated may be wrong by so much. */
    private static final double SAFETY = 1.25;

    private final MemoryBudget budget;
    private final Examples train;
    private final long seed;
    private final boolean writes;
    private final Consumer<String> notes;
    /** Native memory between two steps. */
    private long resting;
    /** Bytes of a batch by its {@link #size}; negative before they were measured. */
    private double bytesPerSize = -1;
    /** Largest size that may be computed at once. */
    private double limit = Double.POSITIVE_INFINITY;

    /** Whether the user was told. */
    private boolean told;

    /** @param writes whether the labels of an example are a text of its own, which a decoder reads: of an encoder-decoder */
    MicroBatches(MemoryBudget budget, Examples train, long seed, boolean writes, Consumer<String> notes) {
        this.budget = budget;
        this.train = train;
        this.seed = seed;
        this.writes = writes;
        this.notes = notes;
    }

    /**
     * Whether the memory of a batch has to be known: it is not yet, and by a rough estimate that is rather too high it may be
     * more than there is.
     *
     * @param parameters number of values of the model
     * @param trained how many of them are trained
     */
    boolean wantsMeasuring(Batch batch, long parameters, long trained) {
        if (isMeasured() || limit < Double.POSITIVE_INFINITY) return false;
        double most = size(batch) * parameters * BYTES_PER_TOKEN_AND_PARAMETER;
        return most > budget.forBatches(MemoryBudget.nativeBytes() + optimizer(trained));
    }

    private boolean isMeasured() {
        return bytesPerSize >= 0;
    }

    /** AdamW remembers two numbers for each value that is trained; the gradient is a third. */
    private static long optimizer(long trained) {
        return 3 * Float.BYTES * trained;
    }

    /** Finds out what a batch takes, by passes over one of its rows and over a few. */
    void measure(Batch batch, int epoch, long trained, Consumer<Batch> pass) {
        Batch small = first(batch, 1, epoch);
        Batch large = first(batch, Math.min(batch.size(), 4), epoch);
        pass.accept(small); // the first pass of all takes what the later ones use again
        long before = MemoryBudget.nativeBytes();
        long smallBytes = height(small, pass);
        long largeBytes = height(large, pass);
        measured(before + optimizer(trained), small, smallBytes, large, largeBytes);
    }

    /** Native memory when it is highest during a pass. */
    private static long height(Batch batch, Consumer<Batch> pass) {
        try (PeakMemory memory = new PeakMemory(MemoryBudget::nativeBytes)) {
            pass.accept(batch);
            return memory.bytes();
        }
    }

    private Batch first(Batch batch, int rows, int epoch) {
        return Batch.of(train, Arrays.copyOf(batch.rows(), rows), epoch, seed);
    }

    /**
     * @param resting native memory between two steps
     * @param small a part of a batch
     * @param smallBytes native memory at the height of its pass
     * @param large another part, larger
     * @param largeBytes the same of it
     */
    void measured(long resting, Batch small, long smallBytes, Batch large, long largeBytes) {
        this.resting = resting;
        double sizes = size(large) - size(small);
        bytesPerSize = sizes <= 0 ? 0 : Math.max(0, largeBytes - smallBytes) / sizes;
        limit = Math.min(limit, fits());
    }

    /** The largest size that the budget has room for. */
    private double fits() {
        if (bytesPerSize <= 0) return Double.POSITIVE_INFINITY;
        double fits = budget.forBatches(resting) / (bytesPerSize * SAFETY);
        // What a machine has cannot be less than what is taken already: then the estimate is wrong.
        return fits > 0 ? fits : Double.POSITIVE_INFINITY;
    }

    /** The parts of a batch, in its order; the batch itself where it fits. */
    List<Batch> cut(Batch batch, int epoch) {
        List<int[]> parts = parts(batch);
        if (parts.size() == 1) return List.of(batch);
        tell(batch, parts.size());
        List<Batch> cut = new ArrayList<>();
        int from = 0;
        for (int[] rows : parts) {
            // A row that came before in this epoch has another key than the row by itself.
            long[] keys = Arrays.copyOfRange(batch.keys(), from, from += rows.length);
            cut.add(Batch.of(train, rows, epoch, seed).withKeys(keys));
        }
        return cut;
    }

    /** Rows of each part: as many as fit, at least one. */
    private List<int[]> parts(Batch batch) {
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        double size = 0;
        for (int i = 0; i < batch.size(); i++) {
            double next = size(batch, i);
            if (i > from && size + next > limit) {
                parts.add(Arrays.copyOfRange(batch.rows(), from, i));
                from = i;
                size = 0;
            }
            size += next;
        }
        parts.add(Arrays.copyOfRange(batch.rows(), from, batch.size()));
        return parts;
    }

    private void tell(Batch batch, int parts) {
        if (told) return;
        told = true;
        String bytes = isMeasured() && bytesPerSize > 0
                ? "would take about " + ByteSize.text(bytesPerSize * size(batch)) + " of memory"
                : "does not fit into memory";
        int tokens = batch.tokens() + (writes ? batch.labels().length : 0);
        notes.accept("A batch of " + tokens + " tokens " + bytes + ": it is computed in " + parts
                + " parts, and others like it too. The result is the same, the steps take longer.");
    }

    /**
     * The memory did not last for the parts of these batches: the next cut is finer.
     *
     * @throws ConfigException if a single row was too much
     */
    void tooLarge(List<Batch> group, @Nullable Throwable cause) {
        double largest = 0;
        int rows = 0;
        Batch first = group.get(0);
        for (Batch batch : group) {
            int at = 0;
            for (int[] part : parts(batch)) {
                double size = size(batch, at, at + part.length);
                at += part.length;
                if (size <= largest) continue;
                largest = size;
                rows = part.length;
                first = batch;
            }
        }
        if (rows == 1) throw new ConfigException(rowTooLarge(first), cause);
        limit = largest / 2;
        told = false;
    }

    private String rowTooLarge(Batch batch) {
        int target = Arrays.stream(batch.labelLengths()).max().orElse(0);
        return "There is not enough memory for a single row of " + batch.longest() + " tokens"
                + (writes ? " and a target of up to " + target : "")
                + ". Set gradient_checkpointing: true, lower max_length" + (writes ? " or max_target_length" : "")
                + ", or take a smaller model.";
    }

    /** What a row takes, in tokens: attention in pairs of what is read, of what is written, and of both. */
    private double size(Batch batch, int row) {
        double read = batch.lengths()[row];
        double written = writes ? batch.labelLengths()[row] : 0;
        return read * (1 + read / PAIRS) + written * (1 + (written + read) / PAIRS);
    }

    private double size(Batch batch, int from, int to) {
        double size = 0;
        for (int row = from; row < to; row++) size += size(batch, row);
        return size;
    }

    private double size(Batch batch) {
        return size(batch, 0, batch.size());
    }

    @Override
    public void save(StateDict state) {
        state.put("resting", resting).put("bytes_per_size", bytesPerSize);
        if (limit < Double.POSITIVE_INFINITY) state.put("limit", limit);
    }

    /** The limit of before holds; a smaller budget of now makes it smaller. */
    @Override
    public void load(StateDict state) {
        resting = state.integer("resting");
        bytesPerSize = state.real("bytes_per_size");
        double before = state.hasValue("limit") ? state.real("limit") : Double.POSITIVE_INFINITY;
        limit = Math.min(before, fits());
    }
}
