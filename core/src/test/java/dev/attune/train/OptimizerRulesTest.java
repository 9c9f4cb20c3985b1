package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.optim.OptimizerArguments;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerRulesTest {
    private static TrainingArguments with(OptimizerNames optim, String arguments) {
        return TrainingArguments.builder()
                .optim(optim)
                .optimArgs(OptimizerArguments.builder().text(arguments).build())
                .build();
    }

    private static void refused(OptimizerNames optim, String arguments, String sentence) {
        assertThatThrownBy(() -> with(optim, arguments))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void argumentsInOneLineInJsonAndInJavaAreTheSame() {
        OptimizerArguments java =
                OptimizerArguments.builder().momentum(0.9).nesterov(true).build();
        assertThat(with(OptimizerNames.SGD, "momentum=0.9, nesterov=True").optimArgs())
                .isEqualTo(java);
        assertThat(with(OptimizerNames.SGD, "{\"momentum\": 0.9, \"nesterov\": true}")
                        .optimArgs())
                .isEqualTo(java);
        assertThat(with(OptimizerNames.SGD, "momentum=0.9").toMap())
                .containsEntry("optim", "sgd")
                .containsEntry("optim_args_momentum", 0.9)
                .doesNotContainKey("optim_args_alpha");
    }

    @Test
    void argumentsOfAnotherOptimizerAreRefused() {
        refused(
                OptimizerNames.ADAMW_TORCH_FUSED,
                "momentum=0.9",
                "optim_args has momentum, which belongs to sgd, rmsprop, but optim is \"adamw_torch_fused\". Delete it.");
        refused(OptimizerNames.ADAGRAD, "alpha=0.9", "which belongs to rmsprop, but optim is \"adagrad\"");
        refused(OptimizerNames.ADAFACTOR, "eps=1e-3", "which belongs to rmsprop, adagrad, but optim is \"adafactor\"");
        refused(
                OptimizerNames.SGD,
                "momentm=0.9",
                "optim_args has \"momentm\", which no optimizer takes. Did you mean \"momentum\"?");
        refused(OptimizerNames.SGD, "momentum=1", "momentum is 1.0, but must be");
        refused(OptimizerNames.SGD, "momentum=much", "optim_args: momentum is \"much\", but must be a number");
    }

    @Test
    void whatIsAKeyOfItsOwnIsNamed() {
        refused(OptimizerNames.SGD, "weight_decay=0.1", "Use weight_decay, which is in force for every optimizer.");
        refused(OptimizerNames.ADAM, "beta1=0.8", "Use adam_beta1.");
        refused(OptimizerNames.ADAMW_TORCH_FUSED, "betas=0.8", "Use adam_beta1 and adam_beta2.");
        refused(OptimizerNames.RMSPROP, "lr=0.1", "Use learning_rate.");
    }

    @Test
    void nesterovNeedsMomentum() {
        refused(OptimizerNames.SGD, "nesterov=true", "nesterov, which needs momentum above 0 and no dampening");
        refused(OptimizerNames.SGD, "momentum=0.9,dampening=0.1,nesterov=true", "and no dampening");
        assertThat(with(OptimizerNames.SGD, "nesterov=false")
                        .optimizerArguments()
                        .nesterov())
                .isFalse();
    }

    @Test
    void entriesOfListsAreANameAndANumber() {
        for (String wrong :
                List.of("classifier", "=1", "classifier=", "classifier=fast", "classifier=-1", "a=1f", "a=1.2.3")) {
            assertThatThrownBy(() -> TrainingArguments.builder()
                            .learningRates(List.of(wrong))
                            .build())
                    .as(wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("learning_rates has the entry \"" + wrong + "\", but one is a part of");
        }
        assertThatThrownBy(() -> TrainingArguments.builder()
                        .weightDecays(List.of("a=1", "a = 2"))
                        .build())
                .hasMessageContaining("weight_decays has two entries for \"a\". Delete one of them.");
        assertThatThrownBy(() -> TrainingArguments.builder()
                        .learningRate(0)
                        .headLearningRate(0.1)
                        .build())
                .hasMessageContaining("learning_rate is 0, so that the schedule has nothing to multiply");
    }
}
