package dev.attune.train;

import dev.attune.optim.Adafactor;
import dev.attune.optim.Adam;
import dev.attune.optim.AdamW;
import dev.attune.optim.Lion;
import dev.attune.optim.Optimizer;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.ParameterGroups;
import java.util.Locale;

/** The optimizers that there are: Hugging Face's names, and {@code adam}, which is not among them. */
public enum OptimizerNames {
    ADAMW_TORCH_FUSED,
    ADAM,
    RMSPROP,
    SGD,
    ADAGRAD,
    ADAFACTOR,
    LION_32BIT;

    /** The optimizer that the arguments name, for these parameters. */
    public static Optimizer create(TrainingArguments args, ParameterGroups groups) {
        OptimizerArguments more = args.optimizerArguments();
        return switch (args.optim()) {
            case ADAMW_TORCH_FUSED -> new AdamW(groups, args.adamBeta1(), args.adamBeta2(), args.adamEpsilon());
            case ADAM -> new Adam(groups, args.adamBeta1(), args.adamBeta2(), args.adamEpsilon());
            case RMSPROP -> more.rmsProp(groups);
            case SGD -> more.sgd(groups);
            case ADAGRAD -> more.adagrad(groups);
            case ADAFACTOR -> new Adafactor(groups);
            case LION_32BIT -> new Lion(groups, args.adamBeta1(), args.adamBeta2());
        };
    }

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
