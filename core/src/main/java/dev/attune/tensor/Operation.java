package dev.attune.tensor;

import dev.attune.error.TensorException;
import java.util.function.Supplier;

/** One call into libtorch, and how its errors are told. */
final class Operation {
    private Operation() {}

    /** Runs an operation; what libtorch throws becomes one sentence with the operation and the shapes. */
    static <T> T guard(String operation, Supplier<T> body, Tensor... inputs) {
        try {
            return body.get();
        } catch (TensorException e) {
            throw e;
        } catch (RuntimeException e) {
            String first = String.valueOf(e.getMessage())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .trim();
            int noise = first.indexOf(" Exception raised from");
            StringBuilder message = new StringBuilder(operation).append(": ");
            message.append(noise < 0 ? first : first.substring(0, noise));
            if (inputs.length > 0) {
                message.append(" [");
                for (int i = 0; i < inputs.length; i++)
                    message.append(i > 0 ? ", " : "").append(inputs[i]);
                message.append("]");
            }
            throw new TensorException(message.toString(), e);
        }
    }
}
