package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.nn.Parameter;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An exponential moving average of the weights: {@code average = decay · average + (1 - decay) · weight} after each update, and
 * the weights themselves after the first. The numbers are those of torch's {@code AveragedModel} with {@code
 * get_ema_multi_avg_fn}. The training never sees it; evaluations and files do.
 *
 * <p>Weights that are frozen are left out: their average is their value. One that is trained from some step on begins its
 * average there.
 *
 * <p>Owns the averages; {@link #close} frees them. Where a model is loaded and saved {@linkplain #during with the averages in
 * place}, {@link #save} writes down the trained weights, and {@link #load} puts them back into the model.
 */
public final class WeightAverage implements Stateful, AutoCloseable {
    private static final String UPDATES = "updates";

    private final double decay;
    private final Map<String, Parameter> parameters;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();
    private int updates;
    private boolean isInPlace;

    /** @param decay from 0 to less than 1; null for no average: every method then does nothing */
    public WeightAverage(@Nullable Double decay, Map<String, Parameter> parameters) {
        this.decay = decay == null ? 0 : decay;
        this.parameters = decay == null ? Map.of() : parameters;
        findTrained(); // memory is taken now, before anybody measures how much is left for batches
    }

    private void findTrained() {
        parameters.forEach((name, parameter) -> {
            if (!parameter.value().requiresGrad() || averages.containsKey(name)) return;
            averages.put(name, copy(parameter));
        });
    }

    private static Tensor copy(Parameter parameter) {
        return Scope.run(() -> parameter.value().detach().mul(1)).keep();
    }

    /** Takes in the weights after an update. */
    public void update() {
        if (parameters.isEmpty()) return;
        findTrained();
        List<Tensor> old = new ArrayList<>(averages.values());
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                List<Tensor> now = averages.keySet().stream()
                        .map(name -> parameters.get(name).value().detach())
                        .toList();
                if (updates == 0) Dispatch.call("aten::_foreach_copy_", "", old, now, false);
                else Dispatch.call("aten::_foreach_lerp_", "Scalar", old, now, 1 - decay);
            }
        });
        updates++;
    }

    /** Runs {@code body} with the averages in place of the weights, without gradients. */
    public <T> T during(Supplier<T> body) {
        exchange();
        isInPlace = true;
        try {
            return body.get();
        } finally {
            isInPlace = false;
            exchange();
        }
    }

    private void exchange() {
        averages.replaceAll((name, other) -> parameters.get(name).exchange(other));
    }

    /** Makes the averages the weights, for good. */
    public void adopt() {
        averages.forEach((name, average) -> parameters.get(name).value().copyInPlace(average));
    }

    /** To be called with the averages in place: the map then holds the trained weights. */
    @Override
    public void save(StateDict state) {
        if (parameters.isEmpty()) return;
        if (!isInPlace) throw new IllegalStateException("during(…) comes first");
        state.put(UPDATES, updates);
        averages.forEach((name, trained) -> state.put(name, trained.detach()));
    }

    /** The model has the averages, as its file does. A run that had none before begins one. */
    @Override
    public void load(StateDict state) {
        if (parameters.isEmpty() || !state.hasValue(UPDATES)) return;
        updates = (int) state.integer(UPDATES);
        close();
        parameters.forEach((name, parameter) -> {
            if (!state.hasTensor(name)) return;
            averages.put(name, copy(parameter));
            parameter.value().copyInPlace(state.tensor(name));
        });
        findTrained();
    }

    @Override
    public void close() {
        averages.values().forEach(Tensor::close);
        averages.clear();
    }
}
