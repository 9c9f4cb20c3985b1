package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.model.ModelConfig;
import org.junit.jupiter.api.Test;

class TasksTest {
    @Test
    void theHeadOfAModelTellsItsTask() {
        assertThat(task("{\"architectures\": [\"BertForSequenceClassification\"]}"))
                .isEqualTo("text-classification");
        assertThat(task("{\"architectures\": [\"GPT2LMHeadModel\"]}")).isEqualTo("text-generation");
        assertThat(task("{\"architectures\": [\"LlamaForCausalLM\"]}")).isEqualTo("text-generation");
        assertThat(task("{\"architectures\": [\"T5ForConditionalGeneration\"]}"))
                .isEqualTo("text2text-generation");
        assertThat(task("{}")).isEqualTo(Tasks.DEFAULT);
        assertThat(task("{\"architectures\": null}")).isEqualTo(Tasks.DEFAULT);
        assertThat(task("{\"architectures\": [\"BertModel\"]}"))
                .as("the head is asked for when the model is loaded")
                .isEqualTo(Tasks.DEFAULT);
        assertThatThrownBy(() -> task("{\"architectures\": [\"BertForPreTraining\"]}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "config.json: the model is a BertForPreTraining, which belongs to none of the tasks"
                                + " there are (text-classification, feature-extraction, fill-mask, question-answering,"
                                + " summarization, text-generation, text2text-generation, token-classification, translation). Fine-tune it for one, or say with --task what it is for.");
        assertThatThrownBy(() -> task("{\"architectures\": [\"BertForSequenceClassifcation\"]}"))
                .hasMessageStartingWith(
                        "config.json: the model is a BertForSequenceClassifcation, which belongs to none of the")
                .hasMessageContaining(
                        "translation). Did you mean \"BertForSequenceClassification\"? Fine-tune it for one,");
        assertThatThrownBy(() -> task("{\"architectures\": [\"GPT2LMHeadMdel\"]}"))
                .as("no head is not taken for the usual one")
                .hasMessageContaining("Did you mean \"GPT2LMHeadModel\"?");
    }

    private static String task(String config) {
        return Tasks.of(ModelConfig.parse(config)).key();
    }
}
