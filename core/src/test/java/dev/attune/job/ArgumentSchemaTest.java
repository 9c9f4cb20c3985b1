package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.HuggingFaceNames;
import dev.attune.error.ConfigException;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.ScheduleArguments;
import dev.attune.train.FrozenPrefixMode;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.MixedPrecision;
import dev.attune.train.OptimizerNames;
import dev.attune.train.Oversample;
import dev.attune.train.OversampleBy;
import dev.attune.train.ReportTo;
import dev.attune.train.SamplingStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.SchedulerType;
import dev.attune.train.TrainingArguments;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ArgumentSchemaTest {
    @Test
    void everyDefaultAndExampleIsValid() {
        for (ArgumentKey key : Recipe.schema().keys()) {
            if (!key.initial().isEmpty()) assertThat(key.parse(key.initial())).isNotNull();
            if (!key.example().isEmpty()) assertThat(key.parse(key.example())).isNotNull();
            assertThat(key.doc()).as(key.name()).endsWith(".");
            assertThat(key.summary()).as(key.name()).hasSizeLessThan(100).doesNotEndWith(".");
        }
    }

    @Test
    void everyComponentHasABuilderMethod() {
        // Those of TrainingArguments and of settings are generated; the builder of a recipe is written.
        List<String> components = Arrays.stream(JobArguments.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        List<String> methods = Arrays.stream(Recipe.Builder.class.getMethods())
                .filter(m -> m.getParameterCount() == 1 && m.getReturnType() == Recipe.Builder.class)
                .map(m -> m.getName())
                .toList();
        assertThat(methods).containsAll(components).contains("settings", "training");
    }

    @Test
    void builderSetsEveryKey() {
        TrainingArguments arguments = TrainingArguments.builder()
                .outputDir(Path.of("o"))
                .runName("n")
                .numTrainEpochs(2)
                .maxSteps(7)
                .perDeviceTrainBatchSize(3)
                .perDeviceEvalBatchSize(4)
                .gradientAccumulationSteps(5)
                .learningRate(0.1)
                .lrSchedulerType(SchedulerType.COSINE)
                .lrSchedulerKwargs(ScheduleArguments.builder().numCycles(0.9).build())
                .warmupSteps(0.5)
                .headLearningRate(0.05)
                .layerLearningRateDecay(0.95)
                .learningRates(List.of("pooler=0.3"))
                .optim(OptimizerNames.SGD)
                .optimArgs(OptimizerArguments.builder().momentum(0.8).build())
                .weightDecay(0.2)
                .weightDecays(List.of("pooler=0.4"))
                .adamBeta1(0.3)
                .adamBeta2(0.4)
                .adamEpsilon(0.6)
                .maxGradNorm(0.7)
                .maxNonfiniteSteps(17)
                .labelSmoothingFactor(0.8)
                .emaDecay(0.95)
                .freeze(List.of("embeddings"))
                .unfreezeLayersPerEpoch(18)
                .frozenPrefix(FrozenPrefixMode.CACHE)
                .mixedPrecision(MixedPrecision.BF16)
                .bf16FullEval(true)
                .gradientCheckpointing(true)
                .maxMemory("9GB")
                .useCpu(true)
                .loggingSteps(9)
                .loggingFirstStep(true)
                .reportTo(ReportTo.TENSORBOARD)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(6.0)
                .evalOnStart(true)
                .evalDelay(15)
                .loggingStrategy(IntervalStrategy.EPOCH)
                .metricForBestModel("accuracy")
                .greaterIsBetter(false)
                .loadBestModelAtEnd(true)
                .earlyStoppingPatience(16)
                .earlyStoppingThreshold(0.5)
                .saveStrategy(SaveStrategy.BEST)
                .saveSteps(13)
                .saveTotalLimit(14)
                .seed(11)
                .dataSeed(12L)
                .trainSamplingStrategy(SamplingStrategy.GROUP_BY_LENGTH)
                .dataloaderDropLast(true)
                .oversample(Oversample.to(0.9))
                .oversampleBy(OversampleBy.DUPLICATION)
                .build();

        Map<String, Object> defaults = TrainingArguments.builder().build().toMap();
        // Each contradicts one that is set.
        Set<String> others = Set.of("bf16", "fp16", "fp16_full_eval", "neftune_noise_alpha");
        assertThat(TrainingArguments.builder()
                        .bf16(true)
                        .neftuneNoiseAlpha(5.0)
                        .build()
                        .toMap())
                .containsEntry("bf16", true)
                .containsEntry("neftune_noise_alpha", 5.0);
        assertThat(TrainingArguments.builder()
                        .fp16(true)
                        .fp16FullEval(true)
                        .build()
                        .toMap())
                .containsEntry("fp16", true)
                .containsEntry("fp16_full_eval", true);
        assertThat(arguments.toMap()).allSatisfy((key, value) -> {
            boolean isCompound = TrainingArguments.SCHEMA.isCompound(key); // its parts have the values
            if (!others.contains(key) && !isCompound) assertThat(value).as(key).isNotEqualTo(defaults.get(key));
        });
        assertThat(arguments.toMap())
                .containsEntry("optim", "sgd")
                .containsEntry("optim_args_momentum", 0.8)
                .containsEntry("train_sampling_strategy", "group_by_length")
                .containsEntry("output_dir", "o");
        assertThat(arguments.toBuilder().build()).isEqualTo(arguments);
    }

    @Test
    void builderReportsAllMistakesTogether() {
        assertThatThrownBy(() -> TrainingArguments.builder()
                        .learningRate(Double.NaN)
                        .seed(-1)
                        .warmupSteps(1.5)
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 mistakes")
                .hasMessageContaining("learning_rate is NaN")
                .hasMessageContaining("seed is -1, but must be a whole number from 0 to 4294967295")
                .hasMessageContaining("warmup_steps is 1.5");
    }

    @Test
    void namesOfHuggingFaceAreNoKeysHere() {
        for (String name : HuggingFaceNames.all()) {
            assertThat(Recipe.schema().keys()).extracting(ArgumentKey::name).doesNotContain(name);
            assertThat(HuggingFaceNames.explain(name)).isPresent();
        }
        assertThat(HuggingFaceNames.all()).contains("save_only_model", "tf32", "warmup_ratio");
    }

    @Test
    void explainsAKeyByAnyOfItsNames() {
        String text = Recipe.schema().explain("learning_rate");
        assertThat(text)
                .startsWith("learning_rate  (--learning-rate)\n")
                .contains("value    a number, at least 0\n")
                .contains("default  5e-5\n")
                .contains("example  learning_rate: 5e-5\n");
        assertThat(Recipe.schema().explain("--learning-rate")).isEqualTo(text);
        assertThat(Recipe.schema().explain("learning-rate")).isEqualTo(text);
        assertThatThrownBy(() -> Recipe.schema().explain("learning_ratio"))
                .hasMessage("There is no key \"learning_ratio\". Did you mean \"learning_rate\"?");
    }

    @Test
    void jsonSchemaIsJson() {
        JsonMapper mapper = JsonMapper.shared();
        var schema = mapper.readTree(mapper.writeValueAsString(Recipe.schema().jsonSchema()));
        assertThat(schema.at("/properties/learning_rate/type").asString()).isEqualTo("number");
        assertThat(schema.at("/properties/learning_rate/default").asDouble()).isEqualTo(5e-5);
        assertThat(schema.at("/properties/label_smoothing_factor/exclusiveMaximum")
                        .asDouble())
                .isEqualTo(1);
        assertThat(schema.at("/properties/eval_strategy/enum").size()).isEqualTo(3);
        assertThat(schema.at("/allOf/0/anyOf/0/required").toString()).isEqualTo("[\"model\"]");
        assertThat(schema.at("/allOf/1/anyOf/1/required").toString()).isEqualTo("[\"train_jdbc\"]");
        assertThat(schema.at("/properties").size())
                .isEqualTo(Recipe.schema().keys().size());
    }

    @Test
    void referencePageHasEveryKey() {
        String page = Recipe.schema().markdown();
        for (ArgumentKey key : Recipe.schema().keys()) assertThat(page).contains("| `" + key.name() + "` |");
        assertThat(page).startsWith("## Job\n").contains("## Optimizer and learning rate\n");
    }

    @Test
    void aNameThatTasksUseForDifferentThingsIsExplainedForEach() {
        ArgumentSchema all = Recipe.schema();
        assertThat(all.keys()).extracting(ArgumentKey::name).containsOnlyOnce("text_column");
        assertThat(all.explain("text_column"))
                .contains("group    Data of text-classification\n")
                .contains("group    Data of fill-mask\n");
        assertThat(all.markdown().lines().filter(line -> line.startsWith("| `text_column` |")))
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates();
        JsonMapper mapper = JsonMapper.shared();
        var meanings = mapper.valueToTree(all.jsonSchema()).at("/properties/text_column/anyOf");
        assertThat(meanings.size()).isGreaterThan(1);
        // Keys of every job are the same thing for all tasks.
        assertThat(all.markdown().lines().filter(line -> line.startsWith("| `max_length` |")))
                .hasSize(1);
    }
}
