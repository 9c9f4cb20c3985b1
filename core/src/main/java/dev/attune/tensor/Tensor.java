package dev.attune.tensor;

import static dev.attune.tensor.Operation.guard;

import dev.attune.error.TensorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of libtorch. Operations return new tensors that belong to the current {@link Scope}; methods whose
 * name ends in {@code InPlace} change this one. Only what Attune uses is here; anything else is reached by {@link Dispatch}.
 *
 * <p>An operation that libtorch refuses throws {@link TensorException} with its name and the shapes of its inputs.
 */
public final class Tensor implements AutoCloseable {
    private final org.bytedeco.pytorch.Tensor handle;
    private @Nullable Scope owner;
    private boolean closed;

    private Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
        this.owner = Scope.current();
        Scope.born(owner);
    }

    static Tensor of(org.bytedeco.pytorch.Tensor handle) {
        return new Tensor(handle);
    }

    org.bytedeco.pytorch.Tensor handle() {
        if (handle.isNull()) {
            throw new TensorException(
                    "This tensor is closed: it was freed by close() or when its scope ended. To use it for"
                            + " longer, return it from Scope.run or keep() it.");
        }
        return handle;
    }

    // ---- making ----

    /** Zeros of the given type and shape. */
    public static Tensor zeros(DType type, long... shape) {
        Native.load();
        return guard("zeros", () -> of(torch.zeros(shape, new TensorOptions(type.torch()))));
    }

    /** Uninitialised memory of the given type and shape: fill it before reading. */
    public static Tensor empty(DType type, long... shape) {
        Native.load();
        return guard("empty", () -> of(torch.empty(shape, new TensorOptions(type.torch()), null)));
    }

    /** A FLOAT32 tensor with these values. */
    public static Tensor ofFloats(float[] values, long... shape) {
        Tensor t = empty(DType.FLOAT32, shape);
        t.requireElements(values.length);
        if (values.length > 0) new FloatPointer(t.handle().data_ptr()).put(values);
        return t;
    }

    /** An INT64 tensor with these values; indices and class labels are INT64 in libtorch. */
    public static Tensor ofLongs(long[] values, long... shape) {
        Tensor t = empty(DType.INT64, shape);
        t.requireElements(values.length);
        if (values.length > 0) new LongPointer(t.handle().data_ptr()).put(values);
        return t;
    }

    /** An INT64 vector with these values. */
    public static Tensor ofInts(int[] values) {
        return ofLongs(Arrays.stream(values).asLongStream().toArray(), values.length);
    }

    static Tensor ofBytes(byte[] values) {
        Tensor t = empty(DType.UINT8, values.length);
        if (values.length > 0) new BytePointer(t.handle().data_ptr()).put(values);
        return t;
    }

    // ---- looking ----

    public long[] shape() {
        return handle().sizes().vec().get();
    }

    public long size(int dimension) {
        return guard("size", () -> handle().size(dimension), this);
    }

    public long elements() {
        return handle().numel();
    }

    public DType type() {
        return DType.of(handle().scalar_type());
    }

    /** The value of a tensor with one element. */
    public double item() {
        return guard("item", handle()::item_double, this);
    }

    /** All values, row by row, as FLOAT32. */
    public float[] toFloats() {
        try (Scope scope = Scope.open()) {
            org.bytedeco.pytorch.Tensor t =
                    toDense().handle().detach().to(ScalarType.Float).contiguous();
            float[] out = new float[(int) t.numel()];
            if (out.length > 0) new FloatPointer(t.data_ptr()).get(out);
            return out;
        }
    }

    /** All values, row by row, as INT64. */
    public long[] toLongs() {
        try (Scope scope = Scope.open()) {
            org.bytedeco.pytorch.Tensor t =
                    handle().detach().to(ScalarType.Long).contiguous();
            long[] out = new long[(int) t.numel()];
            if (out.length > 0) new LongPointer(t.data_ptr()).get(out);
            return out;
        }
    }

    byte[] toBytes() {
        byte[] out = new byte[(int) (handle().numel() * type().bytes())];
        new BytePointer(handle().data_ptr()).get(out);
        return out;
    }

    /**
     * The memory of this contiguous tensor, little-endian, without a copy. Valid while the tensor lives: for writing files.
     */
    public ByteBuffer memory() {
        if (!handle().is_contiguous()) throw new TensorException("Only a contiguous tensor has one piece of memory.");
        BytePointer bytes = new BytePointer(handle().data_ptr());
        bytes.capacity(handle().numel() * type().bytes());
        return bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies {@code source} (little-endian values of {@code type}, row by row) into this tensor, converting the type. */
    public void load(ByteBuffer source, DType type) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                ByteBuffer direct = source;
                if (!source.isDirect()) {
                    direct = ByteBuffer.allocateDirect(source.remaining());
                    direct.put(source.duplicate()).flip();
                }
                requireElements(direct.remaining() / type.bytes());
                org.bytedeco.pytorch.Tensor view =
                        torch.from_blob(new BytePointer(direct), shape(), new TensorOptions(type.torch()));
                handle().copy_(view);
                java.lang.ref.Reference.reachabilityFence(direct);
            }
        });
    }

    // ---- shape ----

    public Tensor view(long... shape) {
        return guard("view", () -> of(handle().view(shape)), this);
    }

    public Tensor reshape(long... shape) {
        return guard("reshape", () -> of(handle().reshape(shape)), this);
    }

    public Tensor transpose(int a, int b) {
        return guard("transpose", () -> of(handle().transpose(a, b)), this);
    }

    /** Rows {@code start .. start+length} along {@code dimension}, without a copy. */
    public Tensor narrow(int dimension, long start, long length) {
        return guard("narrow", () -> of(handle().narrow(dimension, start, length)), this);
    }

    public Tensor to(DType type) {
        return guard("to", () -> of(handle().to(type.torch())), this);
    }

    /** The same memory without its history of operations. */
    public Tensor detach() {
        return guard("detach", () -> of(handle().detach()), this);
    }

    /** Rows of dimension 0 at {@code index} (INT64). */
    public Tensor rows(Tensor index) {
        return guard("index_select", () -> of(torch.index_select(handle(), 0, index.handle())), this, index);
    }

    /** Zeros of {@code rows} rows with row i of this at {@code index[i]}. Shape (rows, ...). */
    public Tensor scatterRows(Tensor index, long rows) {
        return guard(
                "index_copy",
                () -> {
                    long[] shape = shape();
                    shape[0] = rows;
                    org.bytedeco.pytorch.Tensor zeros = torch.zeros(shape, new TensorOptions(handle().scalar_type()));
                    return of(zeros.index_copy_(0, index.handle(), handle())); // in place: the zeros are ours
                },
                this,
                index);
    }

    /** Tensors one after the other along {@code dimension}. */
    public static Tensor cat(int dimension, List<Tensor> parts) {
        return guard("cat", () -> of(torch.cat(vector(parts), dimension)), parts.toArray(Tensor[]::new));
    }

    // ---- arithmetic ----

    public Tensor add(Tensor other) {
        return guard("add", () -> of(handle().add(other.handle())), this, other);
    }

    public Tensor sub(Tensor other) {
        return guard("sub", () -> of(handle().sub(other.handle())), this, other);
    }

    public Tensor mul(Tensor other) {
        return guard("mul", () -> of(handle().mul(other.handle())), this, other);
    }

    public Tensor mul(double factor) {
        return guard("mul", () -> of(handle().mul(new Scalar(factor))), this);
    }

    public Tensor div(double divisor) {
        return guard("div", () -> of(handle().div(new Scalar(divisor))), this);
    }

    /** Matrix product over the last two dimensions. */
    public Tensor matmul(Tensor other) {
        return guard("matmul", () -> of(torch.matmul(handle(), other.handle())), this, other);
    }

    /** {@code x·weightᵀ + bias}; weight (out, in), bias (out). */
    public Tensor linear(Tensor weight, @Nullable Tensor bias) {
        return guard(
                "linear",
                () -> {
                    org.bytedeco.pytorch.Tensor added = bias == null ? null : bias.handle();
                    if (FewRows.suit(handle(), weight.handle())) {
                        return of(FewRows.linear(handle(), weight.handle(), added));
                    }
                    return of(
                            added == null
                                    ? torch.linear(handle(), weight.handle())
                                    : torch.linear(handle(), weight.handle(), added));
                },
                this,
                weight);
    }

    /**
     * {@code this + factor·x·weightᵀ}, in the memory of this where no conversion stands between: it has to be fresh from an
     * operation that does not need its result again, such as a linear layer.
     *
     * @param x (N, r), weight (out, r); this (N, out)
     */
    public Tensor addProduct(Tensor x, Tensor weight, double factor) {
        return guard(
                "addmm",
                () -> {
                    Scalar one = new Scalar(1);
                    Scalar scale = new Scalar(factor);
                    org.bytedeco.pytorch.Tensor turned = weight.handle().t();
                    if (type() != x.type() || type() != weight.type()) {
                        return of(torch.addmm(handle(), x.handle(), turned, one, scale)); // autocast converts
                    }
                    handle().addmm_(x.handle(), turned, one, scale);
                    return this;
                },
                this,
                x,
                weight);
    }

    /**
     * Rows of this table at {@code ids} (INT64).
     *
     * @param paddingRow row that gets no gradient, or -1
     * @param rowGradient whether the gradient holds only the rows that were used ({@link #isSparse}) instead of a whole
     *     table of zeros around them
     */
    public Tensor embedding(Tensor ids, int paddingRow, boolean rowGradient) {
        return guard(
                "embedding",
                () -> of(torch.embedding(handle(), ids.handle(), paddingRow, false, rowGradient)),
                this,
                ids);
    }

    public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
        return guard(
                "layer_norm",
                () -> of(torch.layer_norm(
                        handle(),
                        weight.shape(),
                        new TensorOptional(weight.handle()),
                        new TensorOptional(bias.handle()),
                        epsilon,
                        true)),
                this,
                weight);
    }

    /** {@code weight·this / √(mean(this²) + epsilon)} over the last dimension. */
    public Tensor rmsNorm(Tensor weight, double epsilon) {
        return guard(
                "rms_norm",
                () -> of(torch.rms_norm(
                        handle(),
                        weight.shape(),
                        new TensorOptional(weight.handle()),
                        new org.bytedeco.pytorch.DoubleOptional(epsilon))),
                this,
                weight);
    }

    public Tensor sum() {
        return guard("sum", () -> of(handle().sum()), this);
    }

    /** Sums along one dimension, which is gone then. */
    public Tensor sum(int dimension) {
        return guard("sum", () -> of(torch.sum(handle(), dimension)), this);
    }

    public Tensor mean() {
        return guard("mean", () -> of(handle().mean()), this);
    }

    /** Euclidean norm over all values. */
    public double norm() {
        return guard("norm", () -> handle().norm().item_double(), this);
    }

    /** Logarithms of the softmax along the last dimension: scores of which the exponentials add up to 1. */
    public Tensor logSoftmax() {
        return guard("log_softmax", () -> of(handle().log_softmax(-1)), this);
    }

    /** Whether no value is infinite or not a number. */
    public boolean isFinite() {
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                Tensor values = isSparse() ? sparseValues() : this;
                // A norm takes no memory, but may overflow where no value does.
                return Double.isFinite(values.norm())
                        || Double.isFinite(values.mul(0).sum().item());
            }
        });
    }

    /** Index of the largest value along the last dimension. */
    public Tensor argmax() {
        return guard("argmax", () -> of(torch.argmax(handle(), new LongOptional(-1), false)), this);
    }

    // ---- gradients ----

    public Tensor requiresGrad(boolean required) {
        guard("requires_grad_", () -> handle().requires_grad_(required), this);
        return this;
    }

    public boolean requiresGrad() {
        return handle().requires_grad();
    }

    /** Adds the derivative of this scalar to {@link #grad()} of every leaf that it depends on. */
    public void backward() {
        GradientHook.during(() -> guard("backward", () -> {
            handle().backward();
            return true;
        }));
    }

    /**
     * The gradient gathered so far, or null before the first {@link #backward()}. That of a table used by {@link
     * #embedding} with {@code rowGradient} is sparse, each of its rows summed up.
     */
    public @Nullable Tensor grad() {
        org.bytedeco.pytorch.Tensor gradient = handle().grad();
        if (!gradient.defined()) return null;
        // A row is there once for each use until it is asked for: sum them once, not for every reader.
        if (gradient.is_sparse() && !gradient.is_coalesced()) {
            Grad.off(() -> guard("coalesce", () -> handle().mutable_grad().put(gradient.coalesce()), this));
        }
        // grad() is a view into the tensor without a reference of its own: copy the handle.
        return of(new org.bytedeco.pytorch.Tensor(handle().grad()));
    }

    /** Whether only some rows of this table are stored, all others being zero: a gradient made by {@link #embedding}. */
    public boolean isSparse() {
        return handle().is_sparse();
    }

    /** Numbers (n), ascending, of the rows that a sparse tensor from {@link #grad()} stores. */
    public Tensor sparseRows() {
        return guard("indices", () -> of(handle()._indices().squeeze(0)), this);
    }

    /** The rows (n, C) that a sparse tensor from {@link #grad()} stores, in the order of {@link #sparseRows()}. */
    public Tensor sparseValues() {
        return guard("values", () -> of(handle()._values()), this);
    }

    /** A sparse tensor with its zeros; any other as it is. */
    public Tensor toDense() {
        return isSparse() ? guard("to_dense", () -> of(handle().to_dense()), this) : this;
    }

    /** Forgets the gradient and frees its memory. */
    public void clearGrad() {
        handle().mutable_grad().reset();
    }

    // ---- in place, never recorded ----

    public void copyInPlace(Tensor source) {
        Grad.off(() -> guard("copy_", () -> handle().copy_(source.handle()), this, source));
    }

    /** Row i of {@code rows} replaces row {@code index[i]} (INT64, each once) of this. */
    public void rowsInPlace(Tensor index, Tensor rows) {
        Grad.off(() ->
                guard("index_copy_", () -> handle().index_copy_(0, index.handle(), rows.handle()), this, index, rows));
    }

    public void zeroInPlace() {
        Grad.off(() -> guard("zero_", () -> handle().zero_(), this));
    }

    public void fillInPlace(double value) {
        Grad.off(() -> guard("fill_", () -> handle().fill_(new Scalar(value)), this));
    }

    public void mulInPlace(double factor) {
        Grad.off(() -> guard("mul_", () -> handle().mul_(new Scalar(factor)), this));
    }

    /** Fills with normal numbers of the process's generator. */
    public void normalInPlace(double mean, double deviation) {
        Grad.off(() -> guard(
                "normal_",
                () -> handle().normal_(mean, deviation, new org.bytedeco.pytorch.GeneratorOptional()),
                this));
    }

    /** Fills with uniform numbers of the process's generator. */
    public void uniformInPlace(double from, double to) {
        Grad.off(() -> guard(
                "uniform_", () -> handle().uniform_(from, to, new org.bytedeco.pytorch.GeneratorOptional()), this));
    }

    /** Adds {@code factor·a·b}; a (R, K), b (K, C), this (R, C). */
    public void addProductInPlace(Tensor a, Tensor b, double factor) {
        Grad.off(() -> guard(
                "addmm_",
                () -> handle().addmm_(a.handle(), b.handle(), new Scalar(1), new Scalar(factor)),
                this,
                a,
                b));
    }

    // ---- lifetime ----

    /** Takes this tensor out of its scope: from now on the caller owns it and has to {@link #close()} it. */
    public Tensor keep() {
        moveTo(null);
        return this;
    }

    @Nullable
    Scope owner() {
        return owner;
    }

    void moveTo(@Nullable Scope target) {
        if (target == owner) return;
        if (target == null) handle().retainReference();
        else target.pointers.attach(handle());
        Scope.moved(owner, target);
        owner = target;
    }

    /** Frees the handle now. Harmless if its scope has closed already. */
    @Override
    public void close() {
        if (closed || (owner != null && owner.isClosed())) return;
        closed = true;
        handle.close();
        Scope.gone(owner);
    }

    @Override
    public String toString() {
        return handle.isNull() ? "Tensor(closed)" : "Tensor(" + type() + " " + Arrays.toString(shape()) + ")";
    }

    // ---- inside the room ----

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(t -> t.handle()).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    private void requireElements(long given) {
        if (given != elements()) {
            throw new TensorException(
                    given + " values do not fill a tensor of shape " + Arrays.toString(shape()) + ".");
        }
    }

    /** Bytes of resident native memory behind a pointer are unknown to Java; this is for tests of lifetimes. */
    boolean isFreed() {
        return ((Pointer) handle).isNull();
    }
}
