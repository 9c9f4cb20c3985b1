package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.error.DivergedException;
import dev.attune.model.Golden;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.MixedPrecision;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Types of numbers in whole runs. */
class PrecisionJobTest extends RunsFixture {
    @Test
    void autoIsWhatTheProcessorHasInstructionsFor() {
        List<String> notes = new ArrayList<>();
        String data = runs.sentiment("train.csv", 24);
        train("auto", data, b -> b.mixedPrecision(MixedPrecision.AUTO), notes);
        boolean fast = Cpu.here().hasBfloat16();
        assertThat(notes).anyMatch(note -> note.startsWith("mixed_precision auto: " + (fast ? "bf16," : "no,")));
        assertThat(Golden.json(runs.output("auto").resolve("run.json"))
                        .at("/arguments/mixed_precision")
                        .stringValue())
                .isEqualTo(fast ? "bf16" : "no");
        train("flag", data, b -> b.bf16(fast), new ArrayList<>());
        assertThat(runs.output("auto").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("flag").resolve("model.safetensors"));
    }

    /** Evaluations in 16 bits leave no trace in what is trained. */
    @Test
    void fullEvaluationsLeaveTheWeights() {
        String data = runs.sentiment("train.csv", 24);
        TrainSummary plain = train("plain", data, b -> b, new ArrayList<>());
        TrainSummary bf16 = train("bf16", data, b -> b.bf16FullEval(true), new ArrayList<>());
        TrainSummary fp16 = train("fp16", data, b -> b.fp16FullEval(true), new ArrayList<>());
        for (String run : List.of("bf16", "fp16")) {
            assertThat(runs.output(run).resolve("model.safetensors"))
                    .hasSameBinaryContentAs(runs.output("plain").resolve("model.safetensors"));
        }
        for (String name : List.of("eval_loss", "test_loss")) {
            double loss = plain.allResults().get(name);
            assertThat(bf16.allResults().get(name)).isNotEqualTo(loss).isCloseTo(loss, within(0.02));
            assertThat(fp16.allResults().get(name)).isNotEqualTo(loss).isCloseTo(loss, within(0.002));
        }
    }

    @Test
    void float16TrainsNearFloat32AndSaysThatItIsSlow() {
        String data = runs.sentiment("train.csv", 24);
        List<String> notes = new ArrayList<>();
        TrainSummary plain = train("plain", data, b -> b, new ArrayList<>());
        TrainSummary half = train("half", data, b -> b.fp16(true), notes);
        double loss = plain.allResults().get("train_loss");
        assertThat(half.allResults().get("train_loss")).isNotEqualTo(loss).isCloseTo(loss, within(0.01));
        if (!Cpu.here().hasFloat16()) {
            assertThat(notes.stream().filter(note -> note.startsWith("fp16 is on, but this CPU has no instructions")))
                    .hasSize(1);
        }
    }

    private TrainSummary train(
            String output, String data, UnaryOperator<TrainingArgumentsBuilder> change, List<String> notes) {
        Recipe recipe = runs.recipe(
                        output,
                        b -> change.apply(b.evalStrategy(IntervalStrategy.STEPS).evalSteps(1.0)))
                .train(data)
                .validation(runs.sentiment("validation.csv", 10))
                .test(runs.sentiment("test.csv", 10))
                .build();
        return Job.train(recipe, Runs.notesInto(notes));
    }

    /** The scale gives way until it cannot be the reason any more; from then on the rows are. */
    @Test
    void aGradientThatIsInfiniteByItselfEndsTheRun() {
        Hooks infinite = Hooks.NONE.withLoss((logits, batch) -> {
            // 0 on the way forward, infinite on the way back.
            Tensor zero = logits.sum().mul(1e-30).mul(1e-30).mul(1e30).mul(1e30);
            return Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0)
                    .add(zero);
        });
        List<String> notes = new ArrayList<>();
        assertThatThrownBy(() -> Job.train(
                        runs.recipe(
                                        "a",
                                        b -> b.fp16(true)
                                                .perDeviceTrainBatchSize(1)
                                                .numTrainEpochs(2)
                                                .maxNonfiniteSteps(1))
                                .train(runs.sentiment("train.csv", 24))
                                .build(),
                        infinite,
                        Runs.notesInto(notes)))
                .isInstanceOf(DivergedException.class)
                .hasMessageStartingWith("Step 18: the gradient is not a finite number, so the update was not made");
        assertThat(notes.stream().filter(note -> note.contains("overflowed float16")))
                .hasSize(16);
        assertThat(notes.stream().filter(note -> note.startsWith("Step 17: the gradient is not a finite number")))
                .hasSize(1);
    }

    /** A loss that is no number has nothing to do with the scale. */
    @Test
    void aLossThatIsNoNumberIsNoOverflow() {
        Hooks none = Hooks.NONE.withLoss((logits, batch) -> logits.sum().mul(Double.NaN));
        assertThatThrownBy(() -> Job.train(
                        runs.recipe("a", b -> b.fp16(true).maxNonfiniteSteps(1))
                                .train(runs.sentiment("train.csv", 32))
                                .build(),
                        none,
                        TrainingListener.SILENT))
                .isInstanceOf(DivergedException.class)
                .hasMessageStartingWith("Step 2: the loss is not a finite number");
    }

    @Test
    void contradictions() {
        String yaml = "model: m\ntrain: t.csv\noutput_dir: o\nbf16: true\nfp16: true\nmixed_precision: auto\n"
                + "bf16_full_eval: true\nfp16_full_eval: true\n";
        assertThatThrownBy(() -> new RecipeReader().text("my.yaml", yaml, temp).forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bf16 and fp16 are both true. Keep one of the two.")
                .hasMessageContaining("mixed_precision is \"auto\" and bf16 is true. Keep one of the two.")
                .hasMessageContaining("bf16_full_eval and fp16_full_eval are both true. Keep one of the two.");
        assertThatThrownBy(() -> Job.train(
                        runs.recipe("a", b -> b.fp16(true).mixedPrecision(MixedPrecision.NO))
                                .train(runs.sentiment("train.csv", 8))
                                .build(),
                        TrainingListener.SILENT))
                .hasMessage("mixed_precision is \"no\" and fp16 is true. Keep one of the two.");
    }
}
