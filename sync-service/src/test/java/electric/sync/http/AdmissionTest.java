package electric.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import electric.sync.http.Admission.Kind;
import electric.sync.meter.Meter;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final String CURRENT = "electric_admission_control_acquire_current";
    private static final String REJECTED = "electric_admission_control_reject_count";

    /** OPS-030. */
    @Test
    void showsWhoIsInAndWhoWasTurnedAwayByKind() {
        try (Meter meter = Meter.on()) {
            Admission admission = new Admission(1, 2, meter);
            Admission.Permit permit = Objects.requireNonNull(admission.admit(Kind.INITIAL));
            assertThat(admission.admit(Kind.INITIAL)).isNull();
            assertThat(admission.admit(Kind.INITIAL)).isNull();
            assertThat(meter.scrape())
                    .contains(CURRENT + "{kind=\"initial\"} 1.0", CURRENT + "{kind=\"existing\"} 0.0")
                    .contains(REJECTED + "{kind=\"initial\"} 2.0", REJECTED + "{kind=\"existing\"} 0.0");
            permit.shapeExists();
            assertThat(meter.scrape())
                    .contains(CURRENT + "{kind=\"initial\"} 0.0", CURRENT + "{kind=\"existing\"} 1.0");
            permit.release();
            assertThat(meter.scrape()).contains(CURRENT + "{kind=\"existing\"} 0.0");
        }
    }
}
