package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A BERT classifier with two layers. */
class GroupRulesTest {
    private static final GroupRules PLAIN = GroupRules.of(1e-3, 0.1);

    private final PretrainedModel model =
            Models.sequenceClassifier(Golden.path("train/model")).model();

    @AfterEach
    void close() {
        model.close();
    }

    private Map<String, ParameterGroup> groups(GroupRules rules) {
        Map<String, ParameterGroup> byName = new HashMap<>();
        for (ParameterGroup group : ParameterGroups.of(model, rules, Set.of()).groups()) {
            group.parameters().keySet().forEach(name -> byName.put(name, group));
        }
        assertThat(byName.keySet()).isEqualTo(model.parameters().keySet());
        return byName;
    }

    private double rate(GroupRules rules, String name) {
        return rules.learningRate() * groups(rules).get(name).rateFactor();
    }

    @Test
    void withoutRulesThereAreTwoGroups() {
        List<ParameterGroup> groups = ParameterGroups.of(model, PLAIN, Set.of()).groups();
        assertThat(groups).extracting(ParameterGroup::weightDecay).containsExactly(0.1, 0.0);
        assertThat(groups).extracting(ParameterGroup::rateFactor).containsExactly(1.0, 1.0);
        assertThat(GroupWords.of(new ParameterGroups(groups), 1e-3)).isEmpty();
    }

    @Test
    void theHeadIsWhatTheBackboneIsNot() {
        GroupRules rules = PLAIN.withHeadLearningRate(2e-2);
        assertThat(rate(rules, "classifier.weight")).isCloseTo(2e-2, within(1e-17));
        assertThat(rate(rules, "classifier.bias")).isCloseTo(2e-2, within(1e-17));
        assertThat(rate(rules, "bert.pooler.dense.weight")).isEqualTo(1e-3);
        assertThat(groups(rules).get("classifier.weight").weightDecay()).isEqualTo(0.1);
        assertThat(groups(rules).get("classifier.bias").weightDecay()).isZero();
        assertThat(GroupWords.of(ParameterGroups.of(model, rules, Set.of()), 1e-3))
                .hasValue("Learning rates at their highest: 0.00100 for bert; 0.0200 for classifier.");
    }

    @Test
    void eachLayerBelowTheHeadIsSlower() {
        GroupRules rules = PLAIN.withLayerDecay(0.5);
        assertThat(rate(rules, "classifier.weight")).isEqualTo(1e-3);
        assertThat(rate(rules, "bert.pooler.dense.bias")).isEqualTo(1e-3);
        assertThat(rate(rules, "bert.encoder.layer.1.output.dense.weight")).isEqualTo(5e-4);
        assertThat(rate(rules, "bert.encoder.layer.0.attention.self.query.bias"))
                .isEqualTo(2.5e-4);
        assertThat(rate(rules, "bert.embeddings.word_embeddings.weight")).isEqualTo(1.25e-4);
        assertThat(rate(rules, "bert.embeddings.LayerNorm.weight")).isEqualTo(1.25e-4);
        assertThat(rate(rules.withHeadLearningRate(1), "classifier.weight")).isCloseTo(1, within(1e-15));
    }

    @Test
    void partsOfNamesComeBeforeAllElseAndTheLastOneCounts() {
        GroupRules rules = PLAIN.withHeadLearningRate(2e-2)
                .withLayerDecay(0.5)
                .withLearningRates("bert=3e-3", "encoder.layer.1=4e-3", "layer.*.bias=0", "classifier.weight=5e-3")
                .withWeightDecays("embeddings=0", "layer.0=0.3");
        assertThat(rate(rules, "bert.embeddings.word_embeddings.weight")).isCloseTo(3e-3, within(1e-17));
        assertThat(rate(rules, "bert.encoder.layer.0.output.dense.weight")).isCloseTo(3e-3, within(1e-17));
        assertThat(rate(rules, "bert.encoder.layer.1.output.dense.weight")).isCloseTo(4e-3, within(1e-17));
        assertThat(rate(rules, "bert.encoder.layer.1.output.dense.bias")).isZero();
        assertThat(rate(rules, "classifier.weight")).isCloseTo(5e-3, within(1e-17));
        assertThat(rate(rules, "classifier.bias")).isCloseTo(2e-2, within(1e-17));
        Map<String, ParameterGroup> groups = groups(rules);
        assertThat(groups.get("bert.embeddings.word_embeddings.weight").weightDecay())
                .isZero();
        assertThat(groups.get("bert.encoder.layer.0.output.dense.weight").weightDecay())
                .isEqualTo(0.3);
        assertThat(groups.get("bert.encoder.layer.0.output.dense.bias").weightDecay())
                .isZero();
        assertThat(groups.get("bert.pooler.dense.weight").weightDecay()).isEqualTo(0.1);
        assertThat(GroupWords.of(ParameterGroups.of(model, rules, Set.of()), 1e-3))
                .get()
                .asString()
                .contains(" Weight decay: ")
                .contains("0.300 for bert.encoder.layer.0;");
    }

    /** The brackets of {@code freeze}. */
    @Test
    void bracketsChooseLayers() {
        GroupRules rules = PLAIN.withLearningRates("encoder.layer[-1]=4e-3", "layer[:1].attention=5e-3");
        assertThat(rate(rules, "bert.encoder.layer.1.output.dense.weight")).isCloseTo(4e-3, within(1e-17));
        assertThat(rate(rules, "bert.encoder.layer.0.output.dense.weight")).isEqualTo(1e-3);
        assertThat(rate(rules, "bert.encoder.layer.0.attention.self.query.bias"))
                .isCloseTo(5e-3, within(1e-17));
        refused(PLAIN.withLearningRates("layer[2:]=1"), "has \"layer[2:]\", which is in the name of no parameter.");
        assertThat(PatternValues.mistakes("learning_rates", List.of("layer[a]=1", "layer[0,1]=1")))
                .singleElement()
                .asString()
                .contains("learning_rates has \"layer[a]\", which is no name.");
    }

    @Test
    void aPatternThatMatchesNothingIsRefusedWithTheNearest() {
        refused(
                PLAIN.withLearningRates("clasifier=1"),
                "learning_rates has \"clasifier\", which is in the name of no parameter. Did you mean \"classifier\"?");
        refused(
                PLAIN.withLearningRates("layer.2=1"),
                "has \"layer.2\", which is in the name of no parameter. Did you mean \"layer.0\"?");
        refused(PLAIN.withLearningRates("ayer.1=1"), "Did you mean \"layer.1\"?");
        refused(
                PLAIN.withWeightDecays("LayerNorm=1"),
                "weight_decays has \"LayerNorm\", which is in the name of no parameter with weight decay; biases and"
                        + " normalisation weights never have any.");
    }

    private void refused(GroupRules rules, String sentence) {
        assertThatThrownBy(() -> ParameterGroups.of(model, rules, Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void frozenParametersJoinIfTheyAreNamed() {
        model.parameters().values().forEach(each -> each.value().requiresGrad(false));
        model.parameters().get("classifier.weight").value().requiresGrad(true);
        assertThat(ParameterGroups.of(model, PLAIN, Set.of()).all()).hasSize(1);
        assertThat(ParameterGroups.of(model, PLAIN, Set.of("bert.pooler.dense.bias"))
                        .groups())
                .extracting(group -> group.parameters().keySet().iterator().next())
                .containsExactly("classifier.weight", "bert.pooler.dense.bias");
    }
}
