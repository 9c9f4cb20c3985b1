package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.TensorFlowBertNames.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFlowBertNamesTest {
    @ParameterizedTest
    @CsvSource({
        "bert/embeddings/word_embeddings, bert.embeddings.word_embeddings.weight, false",
        "bert/embeddings/token_type_embeddings, bert.embeddings.token_type_embeddings.weight, false",
        "bert/embeddings/LayerNorm/beta, bert.embeddings.LayerNorm.bias, false",
        "module/bert/encoder/layer_3/output/LayerNorm/gamma, bert.encoder.layer.3.output.LayerNorm.weight, false",
        "bert/encoder/layer_10/intermediate/dense/kernel, bert.encoder.layer.10.intermediate.dense.weight, true",
        "bert/pooler/dense/bias, bert.pooler.dense.bias, false",
        "cls/predictions/transform/dense/kernel, cls.predictions.transform.dense.weight, true",
        "cls/predictions/transform/LayerNorm/beta, cls.predictions.transform.LayerNorm.bias, false",
        "cls/predictions/output_bias, cls.predictions.bias, false",
        "cls/seq_relationship/output_weights, cls.seq_relationship.weight, false",
        "cls/seq_relationship/output_bias, cls.seq_relationship.bias, false",
        "cls/squad/output_weights, qa_outputs.weight, false",
        "cls/squad/output_bias, qa_outputs.bias, false",
        "output_weights, classifier.weight, false",
        "output_bias, classifier.bias, false"
    })
    void namesAreThoseOfTransformers(String variable, String name, boolean transposed) {
        assertThat(TensorFlowBertNames.target(variable)).contains(new Target(name, transposed));
    }

    @Test
    void strangersAreNotMapped() {
        assertThat(TensorFlowBertNames.target("resnet/conv1/kernel")).isEmpty();
        assertThat(TensorFlowBertNames.target("bert/something")).isEmpty();
        assertThat(TensorFlowBertNames.target("")).isEmpty();
        assertThat(TensorFlowBertNames.target("/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "global_step, true",
        "bert/pooler/dense/bias/adam_v, true",
        "bert/pooler/dense/bias/AdamWeightDecayOptimizer_1, true",
        "bert/pooler/dense/bias, false"
    })
    void optimizerStateIsKnown(String variable, boolean state) {
        assertThat(TensorFlowBertNames.isTrainingState(variable)).isEqualTo(state);
    }
}
