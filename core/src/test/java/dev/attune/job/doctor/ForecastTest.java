package dev.attune.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.train.IntervalStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingPlan;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ForecastTest {
    /** 100 examples in batches of 8 make 13 steps an epoch, 39 in all. */
    private static Forecast of(UnaryOperator<TrainingArgumentsBuilder> change) {
        TrainingArguments args = change.apply(
                        TrainingArguments.builder().perDeviceTrainBatchSize(8).numTrainEpochs(3))
                .build();
        return Forecast.of(args, TrainingPlan.of(args, 100), true);
    }

    @Test
    void savesAreCounted() {
        assertThat(of(b -> b.saveStrategy(SaveStrategy.NO))).isEqualTo(new Forecast(1, 0, 0, 0));
        assertThat(of(b -> b)).as("every 500 steps and the last").isEqualTo(new Forecast(1, 1, 1, 1));
        assertThat(of(b -> b.saveSteps(13))).isEqualTo(new Forecast(1, 3, 3, 3));
        assertThat(of(b -> b.saveSteps(20))).isEqualTo(new Forecast(1, 2, 2, 2));
        assertThat(of(b -> b.saveSteps(0.25))).as("every 10 steps").isEqualTo(new Forecast(1, 4, 4, 4));
        assertThat(of(b -> b.saveStrategy(SaveStrategy.EPOCH))).isEqualTo(new Forecast(1, 3, 3, 3));
        assertThat(of(b -> b.saveStrategy(SaveStrategy.EPOCH).saveTotalLimit(1)))
                .isEqualTo(new Forecast(1, 3, 1, 2));
    }

    @Test
    void evaluationsAreCounted() {
        assertThat(of(b -> b.evalStrategy(IntervalStrategy.EPOCH)).evaluations())
                .isEqualTo(3);
        assertThat(of(b -> b.evalStrategy(IntervalStrategy.STEPS).evalSteps(10.0))
                        .evaluations())
                .isEqualTo(4);
        assertThat(of(b -> b.evalOnStart(true)).evaluations()).isEqualTo(2);
        Forecast best = of(b -> b.evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.BEST)
                .loadBestModelAtEnd(true)
                .saveTotalLimit(1));
        assertThat(best).as("the newest and the best").isEqualTo(new Forecast(3, 3, 2, 3));
    }
}
