package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardPassTest {
    private static Examples examples(int... lengths) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            int[] ids = new int[lengths[i]];
            Arrays.fill(ids, i);
            examples.add(new Example(ids, new int[ids.length], new int[] {i}, new float[0]));
        }
        return Examples.of(examples);
    }

    @Test
    void outputsAreInTheOrderOfTheExamples() {
        List<Integer> tokens = new ArrayList<>();
        List<String> outputs = new ForwardPass(6, DType.FLOAT32).outputs(examples(3, 1, 5, 9, 1, 2), batch -> {
            tokens.add(batch.tokens());
            return Arrays.stream(batch.labels())
                    .mapToObj(label -> "of " + label)
                    .toList();
        });
        assertThat(outputs).containsExactly("of 0", "of 1", "of 2", "of 3", "of 4", "of 5");
        assertThat(tokens).as("at most 6, or one example").containsExactly(9, 5, 3, 4);
        assertThat(new ForwardPass(6, DType.FLOAT32).outputs(examples(), batch -> List.of()))
                .isEmpty();
    }

    /** That tensors end with their batch is seen by the extension that counts what a test leaves behind. */
    @Test
    void nothingIsRecorded() {
        List<Boolean> recorded = new ArrayList<>();
        try (Tensor weight = Tensor.ofFloats(new float[] {2}, 1).requiresGrad(true)) {
            new ForwardPass(1, DType.FLOAT32)
                    .each(
                            examples(1, 1),
                            batch -> recorded.add(weight.mul(weight).requiresGrad()));
        }
        assertThat(recorded).containsExactly(false, false);
    }
}
