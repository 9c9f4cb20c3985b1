package dev.attune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int EOS = 4;
    private static final int[][] PROMPTS = {{0, 1}, {2}, {3, 0, 3}};

    private static GenerationConfig config(GenerationArguments asked) {
        return GenerationConfig.of(
                        new SpecialTokens(OptionalInt.empty(), List.of(EOS), OptionalInt.empty(), OptionalInt.empty()))
                .with(asked);
    }

    private static List<List<Generated>> generate(TableModel model, GenerationArguments asked, TokenListener listener) {
        return new Generator(config(asked), null).generate(model, PROMPTS, listener);
    }

    /** Token after token: 0, 1, 2, 3, the end. */
    private static TableModel counting(int[][] prompts) {
        float[][] table = new float[5][5];
        for (int i = 0; i < 5; i++) table[i][(i + 1) % 5] = 3;
        return new TableModel(table, new float[5][5], prompts, -1);
    }

    private static TableModel random(long seed, int[][] prompts) {
        Random random = new Random(seed);
        float[][][] tables = new float[2][5][5];
        for (float[][] table : tables) {
            for (float[] row : table) {
                for (int i = 0; i < 5; i++) row[i] = (float) random.nextGaussian();
            }
        }
        return new TableModel(tables[0], tables[1], prompts, -1);
    }

    @Test
    void whatIsFinishedLeavesTheBatchAtOnce() {
        TableModel model = counting(PROMPTS);
        List<List<Generated>> texts =
                generate(model, GenerationArguments.builder().maxNewTokens(2).build(), TokenListener.NONE);
        assertThat(texts.get(0).get(0).ids()).containsExactly(2, 3);
        assertThat(texts.get(0).get(0).reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(texts.get(1).get(0).ids()).containsExactly(3, EOS);
        assertThat(texts.get(1).get(0).reason()).isEqualTo(FinishReason.EOS);
        assertThat(texts.get(2).get(0).ids()).containsExactly(EOS);
        assertThat(model.sizes).containsExactly(3, 2);
        double likely = Math.log(Math.exp(3) / (Math.exp(3) + 4));
        assertThat(texts.get(0).get(0).score()).isCloseTo(likely, org.assertj.core.api.Assertions.within(1e-6));
    }

    @Test
    void finishedBeamsLeaveTheBatch() {
        TableModel model = counting(PROMPTS);
        GenerationArguments asked = GenerationArguments.builder()
                .numBeams(2)
                .maxNewTokens(9)
                .earlyStopping(EarlyStopping.TRUE)
                .build();
        List<List<Generated>> texts = generate(model, asked, TokenListener.NONE);
        assertThat(texts.get(2).get(0).ids()).containsExactly(EOS);
        assertThat(model.sizes.get(0)).isEqualTo(3);
        assertThat(model.sizes.get(1)).isEqualTo(6);
        assertThat(model.sizes.get(model.sizes.size() - 1)).isLessThan(6);
    }

    @Test
    void tokensAreToldAsTheyAreChosen() {
        List<String> heard = new ArrayList<>();
        TableModel model = counting(PROMPTS);
        generate(
                model,
                GenerationArguments.builder().maxNewTokens(3).build(),
                (prompt, token) -> heard.add(model.sizes.size() + ":" + prompt + "=" + token));
        assertThat(heard).containsExactly("1:0=2", "1:1=3", "1:2=4", "2:0=3", "2:1=4", "3:0=4");
        heard.clear();
        TableModel beams = counting(PROMPTS);
        List<List<Generated>> texts = generate(
                beams,
                GenerationArguments.builder().numBeams(3).maxNewTokens(3).build(),
                (prompt, token) -> heard.add(prompt + "=" + token));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (int token : texts.get(i).get(0).ids()) told.add(i + "=" + token);
        }
        assertThat(heard).isEqualTo(told);
    }

    @Test
    void theSameSeedDrawsTheSameWhateverElseIsInTheBatch() {
        GenerationArguments asked = GenerationArguments.builder()
                .doSample(true)
                .numReturnSequences(3)
                .maxNewTokens(12)
                .build();
        List<List<Generated>> texts = generate(random(7, PROMPTS), asked, TokenListener.NONE);
        assertThat(generate(random(7, PROMPTS), asked, TokenListener.NONE)).isEqualTo(texts);
        int[][] alone = {PROMPTS[0]};
        Generator one = new Generator(config(asked), null);
        assertThat(one.generate(random(7, alone), alone, TokenListener.NONE).get(0))
                .isEqualTo(texts.get(0));
        int[][] second = {PROMPTS[1]};
        assertThat(one.generate(random(7, second), second, TokenListener.NONE).get(0))
                .isEqualTo(texts.get(1));
        GenerationArguments other = GenerationArgumentsBuilder.from(asked).withGenerationSeed(43L);
        assertThat(generate(random(7, PROMPTS), other, TokenListener.NONE)).isNotEqualTo(texts);
        Set<String> different = new HashSet<>();
        texts.forEach(of -> of.forEach(text -> different.add(Arrays.toString(text.ids()))));
        assertThat(different.size()).isGreaterThan(3);
    }

    /** 20,000 first tokens against the distribution after the warpers, 4 degrees of freedom: 23.5 is passed once in 10,000. */
    @Test
    void drawsFollowTheDistribution() {
        int count = 20_000;
        int[][] prompts = {{1}};
        long seed = 20240611;
        System.out.println("seed " + seed);
        GenerationArguments asked = GenerationArguments.builder()
                .doSample(true)
                .temperature(1.4)
                .numReturnSequences(count)
                .maxNewTokens(1)
                .generationSeed(seed)
                .build();
        TableModel model = random(3, prompts);
        List<Generated> texts = new Generator(config(asked), null)
                .generate(model, prompts, TokenListener.NONE)
                .get(0);
        float[] row;
        try (dev.attune.tensor.Scope scope = dev.attune.tensor.Scope.open()) {
            row = random(3, prompts).first().toFloats();
        }
        for (int i = 0; i < row.length; i++) row[i] /= 1.4f;
        float[] expected = Probabilities.softmax(row);
        int[] found = new int[5];
        texts.forEach(text -> found[text.ids()[0]]++);
        double chiSquare = IntStream.range(0, 5)
                .mapToDouble(i -> Math.pow(found[i] - count * expected[i], 2) / (count * expected[i]))
                .sum();
        assertThat(chiSquare)
                .as("seed %s, counts %s", seed, Arrays.toString(found))
                .isLessThan(23.5);
        texts.forEach(text -> assertThat(text.score())
                .isCloseTo(Math.log(expected[text.ids()[0]]), org.assertj.core.api.Assertions.within(1e-5)));
    }

    /** Pairs without replacement: 12 of them, 11 degrees of freedom: 37.4 is passed once in 10,000. */
    @Test
    void beamsDrawDifferentCandidates() {
        float[] scores = {0.3f, -0.8f, ScoreProcessor.BANNED, 1.1f, 0f};
        float[] p = Probabilities.softmax(scores);
        long seed = 5;
        System.out.println("seed " + seed);
        int count = 20_000;
        int[][] found = new int[5][5];
        Draws draws = new Draws(seed, 0, 0);
        for (int i = 0; i < count; i++) {
            List<Integer> pair = draws.different(scores, 2);
            found[pair.get(0)][pair.get(1)]++;
        }
        double chiSquare = 0;
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 5; b++) {
                double expected = a == b ? 0 : count * p[a] * p[b] / (1 - p[a]);
                if (expected == 0) assertThat(found[a][b]).isZero();
                else chiSquare += Math.pow(found[a][b] - expected, 2) / expected;
            }
        }
        assertThat(chiSquare).as("seed %s", seed).isLessThan(37.4);
        assertThat(draws.different(scores, 5)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void beamSamplingGivesDifferentTexts() {
        GenerationArguments asked = GenerationArguments.builder()
                .doSample(true)
                .numBeams(3)
                .numReturnSequences(3)
                .maxNewTokens(8)
                .build();
        List<List<Generated>> texts = generate(random(9, PROMPTS), asked, TokenListener.NONE);
        assertThat(generate(random(9, PROMPTS), asked, TokenListener.NONE)).isEqualTo(texts);
        for (List<Generated> of : texts) {
            assertThat(of).hasSize(3);
            assertThat(of.get(0).score()).isGreaterThanOrEqualTo(of.get(1).score());
            assertThat(of.get(1).score()).isGreaterThanOrEqualTo(of.get(2).score());
            assertThat(of.get(0).ids()).isNotEqualTo(of.get(1).ids());
        }
    }

    /** The reference's processor sees the first rows of a batch only; what is asked for holds for every beam. */
    @Test
    void theInputsPenaltyHoldsForAllBeams() {
        int[][] prompts = {{0, 1}};
        GenerationArguments asked = GenerationArguments.builder()
                .encoderRepetitionPenalty(
                        1e-6) // divides by a millionth: of negative logarithms it leaves very negative ones
                .numBeams(2)
                .maxNewTokens(4)
                .numReturnSequences(2)
                .build();
        for (Generated text : new Generator(config(asked), null)
                .generate(random(1, prompts), prompts, TokenListener.NONE)
                .get(0)) {
            assertThat(text.ids()).doesNotContain(0, 1);
        }
    }

    @Test
    void badWordsAreBannedAsTheyAreAndAfterASpace() {
        TokenTexts texts = new TokenTexts() {
            @Override
            public int[] encode(String text) {
                return text.startsWith(" ") ? new int[] {3} : new int[] {2};
            }

            @Override
            public String decode(int[] ids) {
                return Arrays.toString(ids);
            }
        };
        GenerationArguments asked = GenerationArguments.builder()
                .badWords(List.of("no"))
                .maxNewTokens(6)
                .build();
        new Generator(config(asked), texts)
                .generate(counting(PROMPTS), PROMPTS, TokenListener.NONE)
                .forEach(of -> assertThat(of.get(0).ids()).isNotEmpty().doesNotContain(2, 3));
        assertThatThrownBy(() -> generate(counting(PROMPTS), asked, TokenListener.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bad_words");
    }

    @Test
    void timeEndsTexts() {
        GenerationArguments asked =
                GenerationArguments.builder().maxTime(1e-9).maxNewTokens(1000).build();
        assertThat(generate(counting(PROMPTS), asked, TokenListener.NONE).get(0).get(0))
                .extracting(Generated::reason, text -> text.ids().length)
                .containsExactly(FinishReason.TIME, 1);
    }

    @Test
    void scoresThatLeaveNothingToChooseAreAnError() {
        GenerationArguments none = GenerationArguments.builder()
                .suppressTokens(List.of("0", "1", "2", "3", "4"))
                .build();
        for (GenerationArguments asked : List.of(
                none,
                GenerationArgumentsBuilder.from(none).withDoSample(true),
                GenerationArgumentsBuilder.from(none).withNumBeams(2))) {
            assertThatThrownBy(() -> generate(counting(PROMPTS), asked, TokenListener.NONE))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Every token is banned as new token 1");
        }
        float[][] broken = new float[5][5];
        for (float[] row : broken) Arrays.fill(row, Float.NaN);
        for (GenerationArguments asked : List.of(
                GenerationArguments.NONE,
                GenerationArguments.builder().doSample(true).build(),
                GenerationArguments.builder().numBeams(2).build())) {
            assertThatThrownBy(() ->
                            generate(new TableModel(broken, new float[5][5], PROMPTS, -1), asked, TokenListener.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("A score of new token 1 is not a number");
        }
        assertThatThrownBy(() -> generate(
                        counting(PROMPTS),
                        GenerationArguments.builder()
                                .numBeams(Integer.MAX_VALUE)
                                .build(),
                        TokenListener.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Lower num_beams");
    }

    @Test
    void noPromptsAreNoTexts() {
        assertThat(new Generator(config(GenerationArguments.NONE), null)
                        .generate(counting(PROMPTS), new int[0][], TokenListener.NONE))
                .isEmpty();
    }
}
