package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import dev.attune.task.tokenclassification.EntityGroups.Piece;
import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Borders of entities that the pipeline of Hugging Face has no word for; those it has are in the parity test. */
class EntityGroupsTest {
    /** What is found in a text of as many words as tags, each a token with the score 1 for its tag. */
    private static List<String> found(List<String> labels, String... tags) {
        String text = "a".repeat(tags.length);
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < tags.length; i++) {
            double[] scores = new double[labels.size()];
            scores[labels.indexOf(tags[i])] = 1;
            pieces.add(new Piece("a", scores, i, i + 1, i + 1, false));
        }
        TokenAnswers simple =
                TokenAnswers.builder().aggregationStrategy(Aggregation.SIMPLE).build();
        try (Tokenizer tokenizer = Tokenizer.load(Golden.path("task/tokenclassification/model"))) {
            return new EntityGroups(tokenizer, labels, simple)
                    .of(text, pieces).stream()
                            .map(entity -> entity.label() + " " + entity.start() + "-" + entity.end())
                            .toList();
        }
    }

    @Test
    void lettersOfEndsEndEntities() {
        List<String> bioes = List.of("B-P", "I-P", "E-P", "S-P", "O");
        assertThat(found(bioes, "B-P", "I-P", "E-P", "S-P", "O", "B-P", "E-P", "I-P"))
                .containsExactly("P 0-3", "P 3-4", "P 5-7", "P 7-8");
        List<String> bilou = List.of("B-P", "I-P", "L-P", "U-P", "O");
        assertThat(found(bilou, "U-P", "U-P", "B-P", "L-P")).containsExactly("P 0-1", "P 1-2", "P 2-4");
    }

    /** As the reference: other letters are part of the type. */
    @Test
    void otherTagsAreTypes() {
        List<String> mixed = List.of("B-P", "I-P", "E-P", "MISC", "O");
        assertThat(found(mixed, "B-P", "I-P", "E-P", "MISC", "MISC", "B-P", "B-P"))
                .containsExactly("P 0-2", "P 2-3", "MISC 3-5", "P 5-6", "P 6-7");
    }
}
