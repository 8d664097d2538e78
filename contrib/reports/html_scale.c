#include "html_scale.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define NS_PER_S 1e9
#define LINES    5 /* about so many on an axis */

static void add_tick(struct scale *s, double value)
{
    if (s->ticks_count < SCALE_TICKS)
        s->ticks[s->ticks_count++] = value;
}

/* 1, 2 or 5 times a power of ten, at or above x. */
static double round_up(double x)
{
    double power = pow(10, floor(log10(x)));
    double front = x / power;
    return power * (front <= 1.0001 ? 1 : front <= 2.0001 ? 2 : front <= 5.0001 ? 5 : 10);
}

static double round_down(double x)
{
    double power = pow(10, floor(log10(x)));
    double front = x / power;
    return power * (front >= 9.9999 ? 10 : front >= 4.9999 ? 5 : front >= 1.9999 ? 2 : 1);
}

struct scale scale_linear(double most, bool whole)
{
    struct scale s = {0};
    if (!isfinite(most) || most <= 0)
        most = 1;
    s.step = round_up(most / LINES);
    if (whole && most >= 1 && s.step < 1)
        s.step = 1;
    double lines = ceil(most / s.step - 1e-6);
    s.high = s.step * lines;
    for (double i = 0; i <= lines; i++)
        add_tick(&s, s.step * i);
    return s;
}

struct scale scale_log(double least, double most)
{
    static const double fronts[] = {1, 2, 5};
    struct scale s = {0};
    least = isfinite(least) && least >= 1 ? least : 1;
    most = isfinite(most) && most >= least ? most : least;
    s.low = round_down(least);
    s.high = round_up(most);
    if (s.high <= s.low)
        s.high = round_up(s.low * 1.5);
    bool few = s.high / s.low < 500;
    for (double power = pow(10, floor(log10(s.low))); power <= s.high * 1.001; power *= 10) {
        for (int i = 0; i < (few ? 3 : 1); i++) {
            double value = power * fronts[i];
            if (value >= s.low * 0.999 && value <= s.high * 1.001)
                add_tick(&s, value);
        }
    }
    return s;
}

struct scale scale_clock(int64_t span_ns)
{
    static const double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                   600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    struct scale s = {.high = span_ns > 0 ? (double)span_ns : 1};
    double seconds = s.high / NS_PER_S;
    if (seconds < LINES) {
        s.step = round_up(s.high / LINES);
    } else {
        size_t i = 0;
        while (i + 1 < sizeof steps / sizeof *steps && steps[i] * LINES * 1.2 < seconds)
            i++;
        s.step = steps[i] * NS_PER_S;
        while (s.step * LINES * 2 < s.high)
            s.step *= 2;
    }
    for (double at = 0; at <= s.high * 1.0001; at += s.step)
        add_tick(&s, at);
    return s;
}

double scale_at(const struct scale *s, double value)
{
    double share;
    if (s->step > 0)
        share = (value - s->low) / (s->high - s->low);
    else
        share = value <= s->low ? 0 : log(value / s->low) / log(s->high / s->low);
    return isfinite(share) ? fmin(fmax(share, 0), 1) : 0;
}

void scale_label(const struct scale *s, unsigned tick, enum figure_unit unit, char out[FIGURE_SIZE])
{
    double value = s->ticks[tick];
    if (s->step > 0)
        figure_tick(value, s->step, s->high, unit, out);
    else
        figure_tick(value, value, value, unit, out);
}

void scale_clock_label(const struct scale *s, unsigned tick, char out[FIGURE_SIZE])
{
    double value = s->ticks[tick];
    int64_t t = (int64_t)(value / NS_PER_S + 0.5);
    if (s->high < LINES * NS_PER_S) {
        figure_tick(value / NS_PER_S, s->step / NS_PER_S, 1, FIGURE_COUNT, out);
        return;
    }
    if (s->high < 120 * NS_PER_S)
        snprintf(out, FIGURE_SIZE, "%" PRId64, t);
    else if (s->high < 7200 * NS_PER_S)
        snprintf(out, FIGURE_SIZE, "%" PRId64 ":%02" PRId64, t / 60, t % 60);
    else
        snprintf(out, FIGURE_SIZE, "%" PRId64 ":%02" PRId64, t / 3600, t / 60 % 60);
}

const char *scale_clock_unit(const struct scale *s)
{
    return s->high < 120 * NS_PER_S    ? "seconds since the start"
           : s->high < 7200 * NS_PER_S ? "min:s since the start"
                                       : "h:min since the start";
}
