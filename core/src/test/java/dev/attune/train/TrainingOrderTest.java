package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Examples;
import dev.attune.task.ExampleClasses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingOrderTest {
    @ParameterizedTest
    @EnumSource(SamplingStrategy.class)
    void anOrderThatWasBegunIsTheSame(SamplingStrategy strategy) {
        TrainingOrder plain = order(strategy);
        TrainingOrder begun = order(strategy);
        begun.begin(1);
        assertThat(rows(begun, 1, 6)).hasSize(14).isEqualTo(rows(plain, 1, 6));
        begun.begin(1);
        assertThat(rows(begun, 2, 0)).as("of another epoch").hasSize(20).isEqualTo(rows(plain, 2, 0));
        assertThat(rows(begun, 1, 0)).as("once more").isEqualTo(rows(plain, 1, 0));
    }

    private static TrainingOrder order(SamplingStrategy strategy) {
        TrainingArguments args = TrainingArguments.builder()
                .trainSamplingStrategy(strategy)
                .perDeviceTrainBatchSize(4)
                .build();
        return TrainingOrder.of(args, Examples.of(TrainerGolden.examples(20)), new ExampleClasses() {});
    }

    private static List<Integer> rows(TrainingOrder order, int epoch, int used) {
        List<Integer> rows = new ArrayList<>();
        try (BatchLoader loader = order.loader(epoch, used)) {
            for (Batch batch : loader) for (int row : batch.rows()) rows.add(row);
        }
        return rows;
    }
}
