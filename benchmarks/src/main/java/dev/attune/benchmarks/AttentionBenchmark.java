package dev.attune.benchmarks;

import dev.attune.nn.Attention;
import dev.attune.nn.Dropout;
import dev.attune.nn.Heads;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.AttentionKernel;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Forward and backward of one layer of attention at BERT-base's size: the batched products of {@link Attention} against
 * libtorch's fused kernel. Which of the two {@link Attention} should use for a type and length is decided by this.
 *
 * <p>Without dropout: the fused kernel of the CPU has none, with dropout libtorch itself computes batched products.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1) // not 0: Native.load tunes the process for one type
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public class AttentionBenchmark {
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 64;
    private static final Heads LOOK = Heads.bidirectional(HEADS, HEAD_SIZE);

    @Param({"FLOAT32", "BFLOAT16"})
    public DType type;

    /**
     * Sequences x length, without padding or mask. Or {@code mixed}: 32 sequences of 33 to 64 tokens, padded and masked;
     * they differ too little for {@link Attention} to cut the batch, so both sides compute the same grid.
     */
    @Param({"32x16", "32x64", "16x128", "8x512", "mixed"})
    public String lengths;

    private SequenceLayout layout;
    private List<Tensor> qkv;
    private Tensor upstream;
    private @Nullable Tensor grid;
    private @Nullable Tensor mask;

    /** The command line of JMH, for this class: {@code -p type=FLOAT32 -rf json -rff out.json}. */
    public static void main(String[] args) throws Exception {
        Stream<String> words = Stream.concat(Stream.of(AttentionBenchmark.class.getName()), Stream.of(args));
        org.openjdk.jmh.Main.main(words.toArray(String[]::new));
    }

    /** No scope is open here, so what is made stays. Layout and mask are made once a batch, not in every layer. */
    @Setup
    public void prepare() {
        Native.load(type);
        Rng.seed(1);
        boolean mixed = lengths.equals("mixed");
        int[] each = mixed ? IntStream.rangeClosed(33, 64).toArray() : new int[Integer.parseInt(lengths.split("x")[0])];
        if (!mixed) Arrays.fill(each, Integer.parseInt(lengths.split("x")[1]));
        layout = new SequenceLayout(each);
        if (mixed) pad(each);
        qkv = List.of(random(), random(), random());
        qkv.forEach(x -> x.requiresGrad(true));
        upstream = random();
        requireSameNumbers();
    }

    @Benchmark
    public void products() {
        step(this::byProducts, false);
    }

    @Benchmark
    public void fused() {
        step(this::byFusedKernel, false);
    }

    /** With so little dropout that nothing is dropped: {@link Attention} uses the fused kernel only without. */
    private Tensor byProducts() {
        Dropout hardly = new Dropout(1e-9);
        hardly.train(true);
        return Attention.forward(qkv.get(0), qkv.get(1), qkv.get(2), layout, LOOK, hardly);
    }

    /** From and to packed rows, as {@link Attention#forward}. */
    private Tensor byFusedKernel() {
        long cells = (long) layout.sequences() * layout.longest();
        Tensor[] x = qkv.stream()
                .map(rows -> grid == null ? rows : rows.scatterRows(grid, cells))
                .map(all -> all.view(layout.sequences(), layout.longest(), HEADS, HEAD_SIZE))
                .map(heads -> heads.transpose(1, 2))
                .toArray(Tensor[]::new);
        Tensor all = AttentionKernel.apply(x[0], x[1], x[2], mask, LOOK.scale(), false)
                .transpose(1, 2)
                .reshape(cells, HEADS * HEAD_SIZE);
        return grid == null ? all : all.rows(grid);
    }

    /** Returns output and gradients if asked. The arriving gradient is dense, as from a layer above; a sum's is not. */
    private float[] step(Supplier<Tensor> attention, boolean read) {
        try (Scope scope = Scope.open()) {
            Tensor out = Autocast.run(type, attention);
            out.mul(upstream).sum().backward();
            Stream<Tensor> results = Stream.concat(Stream.of(out), qkv.stream().map(Tensor::grad));
            float[] numbers = read ? Tensor.cat(0, results.toList()).toFloats() : new float[0];
            qkv.forEach(Tensor::clearGrad);
            return numbers;
        }
    }

    private void requireSameNumbers() {
        float[] a = step(this::byProducts, true);
        float[] b = step(this::byFusedKernel, true);
        for (int i = 0; i < a.length; i++) {
            if (Math.abs(a[i] - b[i]) <= (type == DType.FLOAT32 ? 1e-4 : 3e-2)) continue; // false for NaN
            String what = List.of("output", "dq", "dk", "dv").get(i / (a.length / 4));
            throw new IllegalStateException(what + ": " + a[i] + " by products, " + b[i] + " fused");
        }
    }

    private Tensor random() {
        Tensor x = Tensor.empty(DType.FLOAT32, layout.tokens(), HEADS * HEAD_SIZE);
        x.normalInPlace(0, 1);
        return x.to(type);
    }

    private void pad(int[] each) {
        int longest = layout.longest();
        float[] values = new float[each.length * longest];
        for (int b = 0; b < each.length; b++) Arrays.fill(values, b * longest + each[b], (b + 1) * longest, -1e9f);
        mask = Tensor.ofFloats(values, each.length, 1, 1, longest).to(type);
        IntStream real = IntStream.range(0, values.length).filter(i -> values[i] == 0);
        grid = Tensor.ofInts(real.toArray());
    }
}
