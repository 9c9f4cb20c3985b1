package dev.attune.optim;

import static java.util.Objects.requireNonNullElse;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.CompoundArguments;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer takes besides learning rate and weight decay: {@code optim_args}, with Hugging Face's names and torch's
 * defaults. An optimizer refuses what belongs to another one.
 *
 * <pre>{@code
 * OptimizerArguments.builder().momentum(0.9).nesterov(true).build()
 * }</pre>
 *
 * @param text the same in one line, {@code momentum=0.9,nesterov=true} or JSON, as Hugging Face's command line takes it; null
 *     once it was read
 */
@RecordBuilder
public record OptimizerArguments(
        @Argument(group = GROUP, example = "momentum=0.9", doc = "Arguments of the optimizer, in one line.") @Nullable
        String text,

        @Argument(
                group = GROUP,
                range = "[0, 1)",
                example = "0.9",
                doc = "Share of the last steps that goes into the next one. For sgd, rmsprop. Default: 0.")
        @Nullable
        Double momentum,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.1",
                doc = "Share of the gradient that the momentum leaves out. For sgd. Default: 0.")
        @Nullable
        Double dampening,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Whether the momentum looks one step ahead. Needs momentum, and no dampening. For sgd. Default:"
                        + " false.")
        @Nullable
        Boolean nesterov,

        @Argument(
                group = GROUP,
                range = "[0, 1)",
                example = "0.9",
                doc = "Decay of the mean of squared gradients. For rmsprop. Default: 0.99.")
        @Nullable
        Double alpha,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1e-6",
                doc = "Addend to the denominator, against division by zero. For rmsprop, adagrad; that of the Adams is"
                        + " adam_epsilon. Default: 1e-8 (1e-10 for adagrad).")
        @Nullable
        Double eps,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Whether to divide by the standard deviation of the gradients. Else it is the root of their mean"
                        + " square. For rmsprop. Default: false.")
        @Nullable
        Boolean centered,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "0.01",
                doc = "Lowers the learning rate with the steps. At step t it is divided by 1 + (t - 1) times this. For"
                        + " adagrad. Default: 0.")
        @Nullable
        Double lrDecay) {

    /** The heading of the keys about optimizer and learning rate. */
    public static final String GROUP = "Optimizer and learning rate";

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(OptimizerArguments.class);

    private static final CompoundArguments COMPOUND = new CompoundArguments(
            "optim_args",
            "optim",
            "optimizer",
            SCHEMA,
            Map.of(
                    "momentum", List.of("sgd", "rmsprop"),
                    "dampening", List.of("sgd"),
                    "nesterov", List.of("sgd"),
                    "alpha", List.of("rmsprop"),
                    "eps", List.of("rmsprop", "adagrad"),
                    "centered", List.of("rmsprop"),
                    "lr_decay", List.of("adagrad")));

    /** Nothing but defaults. */
    public static final OptimizerArguments NONE = SCHEMA.create(OptimizerArguments.class, Map.of());

    public OptimizerArguments {
        Map<String, Object> said = COMPOUND.read(text);
        text = null;
        momentum = (Double) said.getOrDefault("momentum", momentum);
        dampening = (Double) said.getOrDefault("dampening", dampening);
        nesterov = (Boolean) said.getOrDefault("nesterov", nesterov);
        alpha = (Double) said.getOrDefault("alpha", alpha);
        eps = (Double) said.getOrDefault("eps", eps);
        centered = (Boolean) said.getOrDefault("centered", centered);
        lrDecay = (Double) said.getOrDefault("lr_decay", lrDecay);
    }

    /** Adds a sentence for each argument that this optimizer does not take, or cannot take together with another. */
    public void check(String optimizer, Contradictions wrong) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(SCHEMA.components(this));
        values.remove("text");
        COMPOUND.check(optimizer, values, wrong);
        if (optimizer.equals("sgd")
                && Boolean.TRUE.equals(nesterov)
                && (requireNonNullElse(momentum, 0.0) == 0 || requireNonNullElse(dampening, 0.0) != 0)) {
            wrong.add(
                    "optim_args has nesterov, which needs momentum above 0 and no dampening. Set momentum: 0.9, and"
                            + " delete dampening.",
                    "optim_args",
                    "optim_args_nesterov",
                    "optim_args_momentum",
                    "optim_args_dampening");
        }
    }

    /** The values of the keys that a configuration record with these arguments has: the text, which was read, and each. */
    public static @Nullable Object[] keyValues(@Nullable OptimizerArguments arguments) {
        return SCHEMA.components(arguments == null ? NONE : arguments).values().toArray();
    }

    /** SGD with these arguments. */
    public Sgd sgd(ParameterGroups groups) {
        return new Sgd(
                groups,
                requireNonNullElse(momentum, 0.0),
                requireNonNullElse(dampening, 0.0),
                Boolean.TRUE.equals(nesterov));
    }

    /** RMSprop with these arguments. */
    public RmsProp rmsProp(ParameterGroups groups) {
        return new RmsProp(
                groups,
                requireNonNullElse(alpha, 0.99),
                requireNonNullElse(eps, 1e-8),
                requireNonNullElse(momentum, 0.0),
                Boolean.TRUE.equals(centered));
    }

    /** Adagrad with these arguments. */
    public Adagrad adagrad(ParameterGroups groups) {
        return new Adagrad(groups, requireNonNullElse(lrDecay, 0.0), requireNonNullElse(eps, 1e-10));
    }

    /** A builder without any value. */
    public static OptimizerArgumentsBuilder builder() {
        return OptimizerArgumentsBuilder.builder(NONE);
    }
}
