package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RelativeBucketsTest {
    /** At the edges of the buckets, too: there the last digit of a logarithm decides. */
    @Test
    void theNumbersOfTheReference() {
        JsonNode golden = Golden.json(Golden.path("model/seq2seq/buckets.json"));
        int[] distances = Golden.ints(golden.get("distances"));
        assertThat(golden.get("cases").size()).isEqualTo(14);
        for (JsonNode each : golden.get("cases")) {
            RelativeBuckets buckets = new RelativeBuckets(
                    each.get("count").intValue(),
                    each.get("max_distance").intValue(),
                    each.get("both_ways").booleanValue());
            assertThat(IntStream.of(distances).map(buckets::of).toArray())
                    .as(buckets.toString())
                    .containsExactly(Golden.ints(each.get("buckets")));
        }
    }

    @Test
    void nearTokensHaveABucketEach() {
        int[] distances = {-200, -127, -64, -20, -16, -15, -9, -8, -7, -1, 0, 1, 7, 8, 9, 16, 20, 64, 127, 200};
        RelativeBuckets both = new RelativeBuckets(32, 128, true);
        assertThat(IntStream.of(distances).map(both::of))
                .containsExactly(15, 15, 14, 10, 10, 9, 8, 8, 7, 1, 0, 17, 23, 24, 24, 26, 26, 30, 31, 31);
        RelativeBuckets before = new RelativeBuckets(32, 128, false);
        assertThat(IntStream.of(distances).map(before::of))
                .containsExactly(31, 31, 26, 17, 16, 15, 9, 8, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void numbersThatMakeNoBucketsAreRefused() {
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"t5\"}");
        assertThatThrownBy(() -> T5Config.of(config.with("relative_attention_num_buckets", 2)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("relative_attention_num_buckets is 2, but must be an even number of at least 4.");
        assertThatThrownBy(() -> T5Config.of(config.with("relative_attention_max_distance", 16)))
                .hasMessageContaining("relative_attention_max_distance is 16, but must be more than half of"
                        + " relative_attention_num_buckets, which is 32.");
    }
}
