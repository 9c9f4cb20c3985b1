package dev.attune.optim;

import dev.attune.nn.Parameter;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;

/** The length of all gradients taken as one vector, and the factor that shortens it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** Euclidean norm over all gradients; parameters without one count as zero. */
    public static double of(List<Parameter> parameters) {
        return Grad.off(() -> {
            double squares = 0;
            try (Scope scope = Scope.open()) {
                for (Parameter parameter : parameters) {
                    Tensor gradient = parameter.value().grad();
                    if (gradient == null) continue;
                    double norm = gradient.norm();
                    squares += norm * norm;
                }
            }
            return Math.sqrt(squares);
        });
    }

    /** torch's coefficient: min(1, maxNorm / (norm + 1e-6)); 1 if {@code maxNorm} is not positive. */
    public static double clipFactor(double norm, double maxNorm) {
        return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
    }
}
