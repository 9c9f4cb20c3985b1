package dev.attune.nn;

import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Children named 0, 1, 2, …: the layers of an encoder. */
public final class ModuleList<M extends NeuralModule> extends NeuralModule implements Iterable<M> {
    private final List<M> items = new ArrayList<>();

    public ModuleList(int size, IntFunction<M> make) {
        for (int i = 0; i < size; i++) items.add(child(Integer.toString(i), make.apply(i)));
    }

    /**
     * Feeds {@code x} through the modules in order. What a module made on its way is freed when it is done, unless the
     * backward pass needs it; kept until the end of the step it would be a sixth of the peak memory of BERT-base.
     *
     * <p>With {@link #gradientCheckpointing} all but the last are computed again in the backward pass; the last comes first
     * there, so nothing would be gained.
     *
     * @param step calls one module with the output of the one before; all but the last keep its shape
     */
    public Tensor chain(Tensor x, BiFunction<M, Tensor, Tensor> step) {
        return chain(0, items.size(), x, step);
    }

    /** As {@link #chain(Tensor, BiFunction)}, of the modules from {@code from} to before {@code to}. */
    public Tensor chain(int from, int to, Tensor x, BiFunction<M, Tensor, Tensor> step) {
        for (M item : items.subList(from, to)) {
            Tensor input = x;
            x = recomputes() && item != last() && isTrained(item, input)
                    ? Grad.recomputed(input, h -> step.apply(item, h))
                    : Scope.run(() -> step.apply(item, input));
        }
        return x;
    }

    /** Calls one module. */
    @FunctionalInterface
    public interface Step<M> {
        /**
         * @param x of the module before
         * @param beside what all modules read
         */
        Tensor apply(M module, Tensor x, Tensor beside);
    }

    /**
     * As {@link #chain(Tensor, BiFunction)}, of modules that all read {@code beside} too, as the layers of a decoder read what was
     * encoded.
     *
     * @param x (N, C), as what each module gives
     * @param beside (M, C)
     */
    public Tensor chain(Tensor x, Tensor beside, Step<M> step) {
        if (!(recomputes() && Grad.isOn() && beside.requiresGrad())) {
            return chain(x, (module, h) -> step.apply(module, h, beside));
        }
        // What is computed again gives its gradient to its input alone: what all modules read has to travel through
        // them.
        long rows = x.size(0);
        long more = beside.size(0);
        Tensor both = chain(Tensor.cat(0, List.of(x, beside)), (module, h) -> {
            Tensor read = h.narrow(0, rows, more);
            return Tensor.cat(0, List.of(step.apply(module, h.narrow(0, 0, rows), read), read)); // (N + M, C)
        });
        return both.narrow(0, 0, rows);
    }

    /** Whether the backward pass comes to this module: below the first one that is trained there is none. */
    private static boolean isTrained(NeuralModule item, Tensor input) {
        return input.requiresGrad()
                || item.parameters().values().stream().anyMatch(p -> p.value().requiresGrad());
    }

    /** The names of the modules, where that of the list is known. */
    public List<String> names(String list) {
        return IntStream.range(0, items.size()).mapToObj(i -> list + "." + i).toList();
    }

    public int size() {
        return items.size();
    }

    /** The one that {@link #chain} runs last. */
    public M last() {
        return items.get(items.size() - 1);
    }

    @Override
    public Iterator<M> iterator() {
        return items.iterator();
    }
}
