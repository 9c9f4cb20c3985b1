package dev.attune.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.model.Bert;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.model.TinyModel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FreezingTest {
    private static final ModelConfig CONFIG = TinyModel.config(0)
            .with("num_hidden_layers", 12)
            .with("hidden_size", 4)
            .with("intermediate_size", 4)
            .withLabels(List.of("a", "b"));

    private static void on(
            Function<ModelConfig, PretrainedModel> make, java.util.function.Consumer<PretrainedModel> test) {
        try (PretrainedModel model = make.apply(CONFIG)) {
            test.accept(model);
        }
    }

    private static void classifier(java.util.function.Consumer<PretrainedModel> test) {
        on(Bert.ForSequenceClassification::new, test);
    }

    private static Set<String> where(PretrainedModel model, Predicate<String> meant) {
        return model.parameters().keySet().stream().filter(meant).collect(Collectors.toSet());
    }

    private static Set<String> layers(PretrainedModel model, int... numbers) {
        return where(
                model, name -> Arrays.stream(numbers).anyMatch(i -> name.startsWith("bert.encoder.layer." + i + ".")));
    }

    private static void means(PretrainedModel model, String entry, Set<String> expected) {
        assertThat(expected).isNotEmpty();
        assertThat(Freezing.of(entry).names(model)).as(entry).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void namesWithAndWithoutTheBackboneBefore() {
        classifier(model -> {
            Set<String> embeddings = where(model, name -> name.startsWith("bert.embeddings."));
            assertThat(embeddings).hasSize(5);
            for (String form : List.of("embeddings", "bert.embeddings", "model.bert.embeddings", "model.embeddings")) {
                means(model, form, embeddings);
            }
            String one = "bert.encoder.layer.3.attention.self.query.weight";
            means(model, one, Set.of(one));
            means(model, "encoder.layer.3.attention.self.query.weight", Set.of(one));
            means(model, "encoder.layer.1", layers(model, 1)); // and not 10 and 11
            means(model, "classifier", Set.of("classifier.weight", "classifier.bias"));
        });
    }

    @Test
    void slicesOfLayers() {
        classifier(model -> {
            int[] ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            for (String form : List.of(
                    "encoder.layer[:10]",
                    "bert.encoder.layer[:10]",
                    "model.bert.encoder.layer[:10]",
                    "encoder.layer[:-2]",
                    "*.layer[:10]")) {
                means(model, form, layers(model, ten));
            }
            means(model, "encoder.layer[3]", layers(model, 3));
            means(model, "encoder.layer[-1]", layers(model, 11));
            means(model, "encoder.layer[0, 2,-1]", layers(model, 0, 2, 11));
            means(model, "encoder.layer[::6]", layers(model, 0, 6));
            means(model, "encoder.layer[:]", where(model, name -> name.startsWith("bert.encoder.")));
            Set<String> inside = layers(model, 0, 1);
            inside.removeIf(name -> !name.contains(".attention."));
            means(model, "encoder.layer[:2].attention", inside);
        });
    }

    @Test
    void patterns() {
        classifier(model -> {
            means(model, "*.attention.*", where(model, name -> name.contains(".attention.")));
            means(model, "*.bias", where(model, name -> name.endsWith(".bias")));
            means(model, "*LayerNorm*", where(model, name -> name.contains("LayerNorm")));
            means(model, "encoder.layer.?", layers(model, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
            means(
                    model,
                    "encoder.layer.1?.output.*.bias",
                    where(model, name -> name.matches("bert\\.encoder\\.layer\\.1[01]\\.output\\..*\\.bias")));
        });
    }

    /** The reference's {@code base_model} has the pooler in it. */
    @Test
    void baseIsAllButTheHead() {
        classifier(model -> means(model, "base", where(model, name -> !name.startsWith("classifier."))));
        on(Bert.ForMaskedLM::new, model -> means(model, "base", where(model, name -> name.startsWith("bert."))));
    }

    @Test
    void allButTheLastLayers() {
        classifier(model -> {
            Set<String> expected = layers(model, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            expected.addAll(where(model, name -> name.startsWith("bert.embeddings.")));
            for (String form : List.of("all_but_last=2", "all_but_last: 2", "all_but_last = 2"))
                means(model, form, expected);
            means(model, "all_but_last=12", where(model, name -> name.startsWith("bert.embeddings.")));
            assertThatThrownBy(() -> Freezing.of("all_but_last=13").names(model))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the model has 12 layers");
        });
    }

    /** The last product of a language model takes the table of the words. */
    @Test
    void whatIsTiedIsFrozenTogether() {
        on(Bert.ForMaskedLM::new, model -> {
            String words = "bert.embeddings.word_embeddings.weight";
            means(model, "embeddings.word_embeddings", Set.of(words));
            means(model, "cls.predictions.decoder.weight", Set.of(words));
            means(model, "cls.predictions.decoder", Set.of(words, "cls.predictions.bias"));
            Set<String> head = where(model, name -> name.startsWith("cls."));
            head.add(words);
            means(model, "cls", head);
        });
    }

    @Test
    void aBackboneAloneTakesBothForms() {
        on(Bert::backbone, model -> {
            Set<String> first = where(model, name -> name.startsWith("encoder.layer.0."));
            means(model, "encoder.layer[:1]", first);
            means(model, "bert.encoder.layer[:1]", first);
        });
    }

    @Test
    void severalEntriesAddUpAndNothingElseChanges() {
        classifier(model -> {
            model.parameters().get("classifier.bias").value().requiresGrad(false);
            Set<String> names = Freezing.of("embeddings", "encoder.layer[:10]", "embeddings.LayerNorm")
                    .apply(model);
            model.parameters()
                    .forEach((name, parameter) -> assertThat(parameter.value().requiresGrad())
                            .as(name)
                            .isEqualTo(!names.contains(name) && !name.equals("classifier.bias")));
            assertThat(names).hasSize(5 + 10 * 16);
            assertThat(Freezing.NONE.apply(model)).isEmpty();
        });
    }

    @Test
    void aMistakeFreezesNothing() {
        classifier(model -> {
            refused(model, "means no parameter of this model. Did you mean \"embeddings\"?", "encoder", "embedings");
            refused(model, "Did you mean \"encoder.layer.0\"?", "encoder.layr[:10]");
            refused(model, "none has such a number: the first is 0.", "encoder.layer[12:]");
            refused(model, "As a pattern, *.LayerNorm, it means some.", "LayerNorm");
            refused(model, "freeze leaves nothing to train: all", "base", "classifier");
            refused(model, "freeze leaves nothing to train: all", "*");
            refused(model, "which means no parameter", "embeddings[0]");
            refused(model, "which means no parameter", "pooler.dense.weight.data");
            assertThat(model.parameters().values())
                    .allMatch(parameter -> parameter.value().requiresGrad());
        });
    }

    private static void refused(PretrainedModel model, String sentence, String... entries) {
        assertThatThrownBy(() -> Freezing.of(entries).apply(model))
                .as(String.join(", ", entries))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void whatIsNoEntryIsToldBeforeThereIsAModel() {
        for (String entry : List.of(
                "encoder.layer[:10", "layer]", "layer[a]", "layer[::0]", "all_but_last", "all_but_last=x", "")) {
            assertThat(Freezing.mistakes(List.of("embeddings", entry)))
                    .as(entry)
                    .hasSize(1);
            assertThatThrownBy(() -> Freezing.of(entry))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("freeze has");
        }
        assertThat(Freezing.mistakes(List.of("embeddings", "base"))).isEmpty();
    }

    /** Tried in all ways, this would take years. */
    @Test
    void manyStarsTakeNoTime() {
        classifier(model -> assertThatThrownBy(
                        () -> Freezing.of("*e*".repeat(40) + "x").names(model))
                .isInstanceOf(ConfigException.class));
    }
}
