package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitecturesTest {
    @ParameterizedTest
    @CsvSource({
        "BertForSequenceClassification, SEQUENCE_CLASSIFICATION, BertModel",
        "LlamaForTokenClassification, TOKEN_CLASSIFICATION, LlamaModel",
        "BertForQuestionAnswering, QUESTION_ANSWERING, BertModel",
        "BertForMaskedLM, MASKED_LM, BertModel",
        "BertForPreTraining, MASKED_LM, BertModel",
        "Qwen2ForCausalLM, CAUSAL_LM, Qwen2Model",
        "GPT2LMHeadModel, CAUSAL_LM, GPT2Model",
        "T5ForConditionalGeneration, SEQUENCE_TO_SEQUENCE, T5Model",
        "BertModel, BACKBONE, BertModel",
    })
    void theEndOfANameTellsTheHead(String name, Head head, String backbone) {
        assertThat(Architectures.head(name)).isEqualTo(head);
        assertThat(Architectures.backbone(name)).isEqualTo(backbone);
    }

    @Test
    void otherHeadsAreNone() {
        assertThat(Architectures.head("BertForNextSentencePrediction")).isNull();
        assertThat(Architectures.backbone("BertForNextSentencePrediction")).isEqualTo("BertModel");
        assertThat(Architectures.head("Something")).isNull();
        assertThat(Architectures.backbone("Something")).isEqualTo("Something");
    }
}
