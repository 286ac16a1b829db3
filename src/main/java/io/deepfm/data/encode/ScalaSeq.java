package io.deepfm.data.encode;

import scala.collection.Seq;

/** Spark hands array columns to Java functions as Scala sequences of boxed numbers. */
public final class ScalaSeq {

    private ScalaSeq() {}

    /**
     * Unboxes floating-point numbers.
     *
     * @param values none of them null
     * @return a new array
     */
    public static float[] toFloats(Seq<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.apply(i);
        }
        return array;
    }

    /**
     * Unboxes whole numbers.
     *
     * @param values none of them null
     * @return a new array
     */
    public static int[] toInts(Seq<Integer> values) {
        int[] array = new int[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.apply(i);
        }
        return array;
    }
}
