#include "bus/distance.h"

#define DECIMALS 7
#define DEGREE INT64_C(10000000)
#define DEGREE_M INT64_C(111195) /* of a great circle */

/* "105.724" as ten-millionths of a degree. */
static bool read(struct str text, int64_t most, int64_t *ret_value) {
    int64_t value = 0;
    size_t i = 0, decimals = 0, digits = 0;
    bool negative = text.size && text.data[0] == '-', after = false;
    for (i = negative; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.' && !after) {
            after = true;
            continue;
        }
        if (c < '0' || c > '9' || digits > 12)
            return false;
        digits++;
        if (after && ++decimals > DECIMALS)
            continue; /* finer than a centimetre */
        value = 10 * value + (c - '0');
    }
    for (; decimals < DECIMALS; decimals++)
        value *= 10;
    *ret_value = negative ? -value : value;
    return digits && value <= most * DEGREE;
}

static bool read_both(const struct position *position, int64_t *ret_longitude,
                      int64_t *ret_latitude) {
    return read(position->longitude, 180, ret_longitude) &&
           read(position->latitude, 90, ret_latitude);
}

bool position_is_valid(const struct position *position) {
    int64_t longitude, latitude;
    return read_both(position, &longitude, &latitude);
}

/* Ten-thousandths of the cosine of a latitude, between those of whole degrees. */
static int64_t cosine(int64_t latitude) {
    static const int16_t of_degree[] = {
        10000, 9998, 9994, 9986, 9976, 9962, 9945, 9925, 9903, 9877, 9848, 9816, 9781, 9744,
        9703,  9659, 9613, 9563, 9511, 9455, 9397, 9336, 9272, 9205, 9135, 9063, 8988, 8910,
        8829,  8746, 8660, 8572, 8480, 8387, 8290, 8192, 8090, 7986, 7880, 7771, 7660, 7547,
        7431,  7314, 7193, 7071, 6947, 6820, 6691, 6561, 6428, 6293, 6157, 6018, 5878, 5736,
        5592,  5446, 5299, 5150, 5000, 4848, 4695, 4540, 4384, 4226, 4067, 3907, 3746, 3584,
        3420,  3256, 3090, 2924, 2756, 2588, 2419, 2250, 2079, 1908, 1736, 1564, 1392, 1219,
        1045,  872,  698,  523,  349,  175,  0,    0};
    int64_t degree = (latitude < 0 ? -latitude : latitude) / DEGREE;
    int64_t rest = (latitude < 0 ? -latitude : latitude) % DEGREE;
    int64_t low = of_degree[degree], high = of_degree[degree + 1];
    return low + (high - low) * rest / DEGREE;
}

static int64_t square_root(int64_t value) {
    int64_t root = 0;
    for (int64_t bit = INT64_C(1) << 30; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= value)
            root += bit;
    return root;
}

int64_t distance_m(const struct position *a, const struct position *b) {
    int64_t longitudes[2], latitudes[2];
    if (!read_both(a, &longitudes[0], &latitudes[0]) ||
        !read_both(b, &longitudes[1], &latitudes[1]))
        return INT64_MAX;
    int64_t east = longitudes[0] - longitudes[1], north = latitudes[0] - latitudes[1];
    if (east > 180 * DEGREE || east < -180 * DEGREE) /* the short way round */
        east = 360 * DEGREE - (east < 0 ? -east : east);
    int64_t x = east * DEGREE_M / DEGREE * cosine((latitudes[0] + latitudes[1]) / 2) / 10000;
    int64_t y = north * DEGREE_M / DEGREE;
    return square_root(x * x + y * y);
}
