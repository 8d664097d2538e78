import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Scanner;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Reads a histogram in base64; prints its buckets as "LOWEST COUNT", then the figures. */
public class Decode {
    public static void main(String[] args) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(new Scanner(System.in).next());
        Histogram h = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
        for (HistogramIterationValue v : h.recordedValues()) {
            System.out.println(h.lowestEquivalentValue(v.getValueIteratedTo()) + " "
                + v.getCountAtValueIteratedTo());
        }
        System.out.println("count " + h.getTotalCount());
        for (String percent : new String[] {"50", "75", "90", "95", "99", "99.9", "99.99"}) {
            System.out.println(percent + " " + h.getValueAtPercentile(Double.parseDouble(percent)));
        }
        System.out.println("100 " + h.getMaxValue());
    }
}
