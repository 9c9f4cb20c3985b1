/**
 * Fuzzing of every reader of files that come from others. A {@link dev.attune.fuzz.FuzzTarget} is one reader with a few
 * good inputs; the targets lie beside the tests of their readers. Three engines feed them, and {@link
 * dev.attune.fuzz.Verdict} judges what they do with an input:
 *
 * <ul>
 *   <li>{@link dev.attune.fuzz.FuzzTest}, in each build: what was found before, then some seeded mutations;
 *   <li>{@link dev.attune.fuzz.SeededFuzz}, by hand: as many seeded mutations as one likes ({@link
 *       dev.attune.fuzz.Mutator});
 *   <li>{@link dev.attune.fuzz.GuidedFuzz}, by hand: Jazzer, which keeps the inputs that reach new code.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package dev.attune.fuzz;
