package dev.attune.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of a configuration record. The name of the record component in snake_case is the YAML key, in kebab-case the
 * flag; its Java type is the type of the value; an enum's constants in lower case
 * are the choices.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Argument {
    /** The key, where it is not the name of the component in snake_case: {@code version_2_with_negative}. */
    String name() default "";

    /** What the key does, in full sentences; the first one is shown in {@code --help}. */
    String doc();

    /** Heading under which help and reference page show the key; empty for that of the key before. */
    String group() default "";

    /** The value when the key is not given, as one would write it in YAML; empty for none. */
    String initial() default "";

    /** What a number may be, as an interval: {@code "(0, inf)"}, {@code "[0, 1)"}. Empty for any finite number. */
    String range() default "";

    /** Other spellings that are accepted: {@code "adamw_torch=adamw_torch_fused"}. */
    String[] aliases() default {};

    /** Valid values of Hugging Face that this version does not support yet; the error says so. */
    String[] later() default {};

    /** Other flags for the key: {@code "--output"}. */
    String[] flags() default {};

    /** The value of a flag that stands without one: {@code "auto"}; empty where a value has to follow. */
    String alone() default "";

    /** A good value, for error messages and the reference page. */
    String example() default "";

    /** Whether a training job needs the key. */
    boolean required() default false;

    /** Whether a trained model has the value in it, so that no later command takes the key. */
    boolean trainingOnly() default false;

    /** Whether numbers from 1 on have to be whole (below 1 they are a share of all steps). */
    boolean wholeFromOne() default false;

    /** Whether the flag belongs on the first help screen. */
    boolean common() default false;

    /**
     * Whether YAML may also have a list there, or names that no schema knows, such as labels, as keys below it: the value is
     * then the text {@code 0.7, 1.3}, or a JSON object.
     */
    boolean open() default false;

    /** Whether white space is a text too, in a list: {@code ["\\n"]}. */
    boolean whiteSpace() default false;

    /** Whether the value may name a file or folder beside the recipe. */
    boolean path() default false;
}
