package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource({
        "BertForSequenceClassifcation, BertForSequenceClassification",
        "LlamaForCasualLM, LlamaForCausalLM",
        "GPT2LMHeadMdel, GPT2LMHeadModel",
        "T5ForConditionalGenaration, T5ForConditionalGeneration",
        "BertModle, BertModel",
    })
    void theNearestHeadIsNamed(String wrong, String right) {
        assertThat(Architectures.didYouMean(wrong)).isEqualTo(" Did you mean \"" + right + "\"?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BertForNextSentencePrediction",
                "BertForPreTraining",
                "BertForMaskedLM",
                "WhisperForAudioClassification",
                "Something",
                ""
            })
    void whatIsNoTypingErrorIsTakenForNone(String name) {
        assertThat(Architectures.didYouMean(name)).isEmpty();
    }
}
